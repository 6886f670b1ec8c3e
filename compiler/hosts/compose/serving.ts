/** One container a replica of a model's API, one a streamed view, and the monitor. */
import { addressOf, CONTAINER_PORT, consumerAddress, serviceAddresses, trialAddresses } from '../../ir/parts.ts';
import type { Environment, Ir, ModelService } from '../../ir/types.ts';
import { healthy, ours, runtime, stateOf } from './ours.ts';
import type { Service, ServiceModule } from './service.ts';
import { applied } from './setup.ts';

export const serving: ServiceModule = (ir, environment) => ({
  ...Object.fromEntries(environment.services.flatMap((service) => replicas(service, ir, environment))),
  ...Object.fromEntries(environment.consumers.map(({ view }) => consumer(view, ir, environment))),
  monitor: monitor(ir, environment),
});

/** Healthy as soon as it answers: before a first champion it is alive, not ready. */
const alive = healthy(`http://localhost:${CONTAINER_PORT}/livez`);

function replicas(service: ModelService, ir: Ir, environment: Environment): [string, Service][] {
  const { model, workers } = service;
  const champions = serviceAddresses(environment, model).map(({ host }) => ({ host, variables: {} }));
  const trials = trialAddresses(environment, model).map(({ host }) => ({
    host,
    variables: { MLOPS_SERVING_ALIAS: service.canary?.alias ?? '' },
  }));
  return [...champions, ...trials].map(({ host, variables }) => [
    host,
    ours(ir, environment, {
      command: runtime('serve', model),
      variables,
      networks: ['edge', 'platform', 'data', 'monitoring'],
      needs: { redis: 'service_healthy', ...applied(ir) },
      health: alive,
      // The workers of one container count together; two replicas must not.
      tmpfs: [`${stateOf(environment)}/metrics:mode=1777,size=64m`],
      log: `serving-${model}`,
      reads: [
        `common/serving/${model}.json`,
        `common/runtime/models/${model}.json`,
        `${environment.name}/serving/${model}.json`,
      ],
      memory: 512 + 512 * workers,
      cpus: workers,
      grace: '20s',
    }),
  ]);
}

function consumer(view: string, ir: Ir, environment: Environment): [string, Service] {
  const container = ours(ir, environment, {
    command: runtime('stream', view),
    networks: ['data', 'monitoring'],
    needs: { redis: 'service_healthy', topics: 'service_completed_successfully', ...applied(ir) },
    health: alive,
    log: `stream-${view}`,
    reads: [`common/streaming/${view}.json`, `${environment.name}/streaming/${view}.json`],
    memory: 1024,
    cpus: 1,
    grace: '30s',
  });
  return [consumerAddress(environment, view).host, container];
}

function monitor(ir: Ir, environment: Environment): Service {
  return ours(ir, environment, {
    command: runtime('monitor'),
    networks: ['platform', 'data', 'monitoring'],
    needs: { redis: 'service_healthy', ...applied(ir) },
    health: healthy(`http://localhost:${addressOf(environment, 'monitor').port}/livez`),
    log: 'monitor',
    reads: ['common/monitoring', `${environment.name}/runtime/environment.json`],
    memory: 2048,
    cpus: 1,
  });
}
