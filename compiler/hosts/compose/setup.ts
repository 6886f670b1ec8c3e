/** What containers need before the platform's own: each runs to its end, and changes nothing where it is so already. */
import type { Ir } from '../../ir/types.ts';
import type { Site } from '../../tools/host.ts';
import { ours, type Workload } from '../../tools/workload.ts';

export const setup = (site: Site): Workload[] => [stateFolder(site), ...(hasLocks(site.ir) ? [environments] : [])];

/** The first of ours. */
export const FIRST = 'state';

/** The first to use the volume: a folder that Docker made for a mount inside of it would belong to root. */
const stateFolder = ({ host }: Site): Workload => ({
  name: FIRST,
  once: true,
  ...ours(['mkdir', '-p', host.state('metrics')], { networks: ['data'], megabytes: 2048, cpus: 1 }),
});

/** What models and steps bring of packages of their own; processes have that before anything starts. */
const environments: Workload = {
  name: 'environments',
  once: true,
  needs: { state: 'completed' },
  ...ours(['python', '-m', 'mlops_runtime.containers.environments'], {
    // pip reaches the package index from here.
    networks: ['platform'],
    megabytes: 2048,
    cpus: 1,
  }),
};

const hasLocks = ({ models, pipelines }: Ir): boolean =>
  models.some(({ lock }) => lock !== null) ||
  pipelines.some(({ steps }) => steps.some(({ run }) => 'lock' in run && run.lock !== null));
