import { named } from '../../ir/look-up.ts';
import type { Model, ModelService } from '../../ir/types.ts';
import type { Site } from '../host.ts';
import { trackingAs } from '../tracking-account.ts';
import { APPLIED, ours, type Workload } from '../workload.ts';

/** The online API of each model: its champion's replicas, and where a version is on trial one more for that. */
export function workloads(site: Site): Workload[] {
  return site.environment.services.flatMap((service) => {
    const model = named(site.ir.models, service.model);
    if (!model) throw new Error(`the service's model ${service.model} is not in the IR`);
    const champion = api(service, model, site);
    return service.canary ? [champion, onTrial(champion, service.canary.alias)] : [champion];
  });
}

function api(service: ModelService, { name, lock, origin, folder }: Model, { environment, host }: Site): Workload {
  const { port, workers, replicas, rollout } = service;
  const reader = trackingAs('serving', host);
  return {
    name: `serving-${name}`,
    port: { number: port, stated: `serving.online.port in ${origin.file}` },
    // As soon as it answers: before a first champion it is alive, not ready.
    health: { http: '/livez', ready: '/readyz' },
    needs: { redis: 'healthy', ...APPLIED },
    variables: reader.variables,
    lock,
    rolls: true,
    ...(rollout ? { canary: { share: rollout.share, seconds: rollout.seconds } } : {}),
    log: `serving-${name}`,
    metrics: { job: 'serving', labels: { model: name, role: 'champion' } },
    ...ours(host.runtimeCommand('serve', name), {
      replicas,
      secrets: reader.secrets,
      networks: ['edge', 'platform', 'data', 'monitoring'],
      reads: [
        folder,
        `generated/common/serving/${name}.json`,
        `generated/common/runtime/models/${name}.json`,
        `generated/${environment.name}/serving/${name}.json`,
      ],
      // The workers of one container count together; two replicas must not.
      scratch: [{ path: host.state('metrics'), megabytes: 64 }],
      megabytes: 512 + 512 * workers,
      cpus: workers,
      grace: 20,
    }),
  };
}

/** The same but for what it serves. */
function onTrial(champion: Workload, alias: string): Workload {
  const { replicas: _, ...container } = champion.container as NonNullable<Workload['container']>;
  return {
    ...champion,
    name: `${champion.name}-trial`,
    variables: { ...champion.variables, MLOPS_SERVING_ALIAS: alias },
    metrics: { job: 'serving', labels: { ...champion.metrics?.labels, role: 'trial' } },
    container,
  };
}
