import { named } from '../../ir/look-up.ts';
import type { Json } from '../../render/json.ts';
import { type Site, url } from '../host.ts';
import type { Running } from '../workload.ts';

/** Where each replica of what the platform itself serves answers, for who compares it with what was deployed. */
export function servicesJson({ ir, environment }: Site, running: readonly Running[]): Json {
  const labelled = (job: string) =>
    running
      .filter(({ workload }) => workload.metrics?.job === job)
      .map(({ workload, addresses }) => ({ ...workload.metrics?.labels, addresses: addresses.map(url) }));
  const trials = new Map(environment.services.map(({ model, canary }) => [model, canary?.alias]));
  const champion = (model: string) =>
    named(ir.models, model)?.aliases.find((each) => each.environment === environment.name)?.alias;
  return {
    apis: labelled('serving').map(({ model = '', role, addresses }: Labelled) => ({
      model,
      alias: (role === 'trial' ? trials.get(model) : champion(model)) ?? 'champion',
      addresses,
    })),
    consumers: labelled('stream').map(({ view, addresses }: Labelled) => ({ view: view ?? '', addresses })),
    monitors: labelled('monitor').flatMap(({ addresses }) => addresses),
  };
}

interface Labelled {
  model?: string;
  role?: string;
  view?: string;
  addresses: string[];
}
