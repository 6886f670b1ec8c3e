import { named } from '../../ir/look-up.ts';
import type { Site } from '../host.ts';
import { APPLIED, ours, type Workload } from '../workload.ts';

/** One consumer per streamed view: a view whose events are bad holds up no other. */
export function workloads({ ir, environment, host }: Site): Workload[] {
  return environment.consumers.map(({ view, port }) => ({
    name: `stream-${view}`,
    port: {
      number: port,
      stated: `the stream of ${named(ir.featureViews, view)?.origin.file ?? view} (its port follows from its name)`,
    },
    health: { http: '/livez', ready: '/readyz' },
    needs: { redis: 'healthy', topics: 'completed', ...APPLIED },
    log: `stream-${view}`,
    metrics: { job: 'stream', labels: { view } },
    ...ours(host.runtimeCommand('stream', view), {
      networks: ['data', 'monitoring'],
      reads: [`generated/common/streaming/${view}.json`, `generated/${environment.name}/streaming/${view}.json`],
      megabytes: 1024,
      cpus: 1,
      grace: 30,
    }),
  }));
}
