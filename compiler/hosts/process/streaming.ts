import { consumerAddress, url } from '../../ir/parts.ts';
import { python } from './placeholders.ts';
import type { ServerModule } from './server.ts';

/** One consumer a streamed view: a view whose events are bad holds up no other. */
export const streaming: ServerModule = (ir, environment) => ({
  setup: [],
  processes: environment.consumers.map(({ view, port }) => {
    const address = url(consumerAddress(environment, view));
    const spec = ir.featureViews.find(({ name }) => name === view);
    return {
      name: `stream-${view}`,
      command: [python, '-m', 'mlops_runtime', 'stream', view],
      env: {},
      lock: null,
      port,
      port_field: `the stream of ${spec?.origin.file ?? view} (its port follows from its name)`,
      address,
      health: `${address}/livez`,
      needs: ['redis', 'topics', 'apply'],
      reads: [`generated/common/streaming/${view}.json`, `generated/${environment.name}/streaming/${view}.json`],
    };
  }),
  variables: {},
});
