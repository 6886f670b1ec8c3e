import { hasServers } from '../../ir/parts.ts';
import type { Environment, Ir, ModelService } from '../../ir/types.ts';
import { python } from './placeholders.ts';

/** The online API of one model. Healthy as soon as it answers: before a first champion it is alive, not ready. */
export function servingProcess({ model, port }: ModelService, ir: Ir, environment: Environment) {
  const { host, name } = environment;
  const spec = ir.models.find((each) => each.name === model);
  if (!spec) throw new Error(`the service's model ${model} is not in the IR`);
  const address = `http://${host}:${port}`;
  return {
    name: `serving-${model}`,
    command: [python, '-m', 'mlops_runtime', 'serve', model],
    env: {},
    lock: spec.lock,
    port,
    port_field: `serving.online.port in ${spec.origin.file}`,
    address,
    health: `${address}/livez`,
    reads: [
      spec.folder,
      `generated/common/serving/${model}.json`,
      `generated/common/runtime/models/${model}.json`,
      `generated/${name}/serving/${model}.json`,
    ],
    needs: hasServers(environment) ? ['redis', 'apply'] : ['apply'],
  };
}
