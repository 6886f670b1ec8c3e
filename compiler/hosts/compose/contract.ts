/** `containers.json`: what a deploy knows of containers beside compose.yaml. Its keys are docs/contracts.md's. */
import { containerOf } from '../../ir/container-name.ts';
import { portOf } from '../../ir/look-up.ts';
import { json } from '../../render/json.ts';
import type { Container, OwnImage, Workload } from '../../tools/workload.ts';
import type { Installation } from '../host.ts';
import { containersOf, ROOT } from './host.ts';
import { FIRST } from './setup.ts';

export function contractOf({ site, running }: Installation): string {
  const { ir, environment } = site;
  const all = running.flatMap(({ workload }) =>
    workload.container ? [{ workload, container: workload.container }] : [],
  );
  return json({
    environment: environment.name,
    project: `${ir.platform.name}-${environment.name}`,
    state: `${ROOT}/.mlops/${environment.name}`,
    first: containerOf(FIRST),
    images: Object.fromEntries(
      all.flatMap(({ container: { image } }) =>
        typeof image === 'string' ? [] : [[image.name, built(`${ir.platform.name}-${image.name}`, image)]],
      ),
    ),
    services: Object.fromEntries(
      all.flatMap(({ workload, container }) =>
        containersOf(workload).map((name) => [name, service(workload, container)]),
      ),
    ),
    addresses: Object.fromEntries(
      all.flatMap(({ workload }) => {
        const { port, container, program, name } = workload;
        if (container?.open !== 'loopback' || !port || !('part' in port)) return [];
        const number = container.openPort?.onHost ?? portOf(environment.ports, port.part);
        return [[program?.name ?? name, `http://127.0.0.1:${number}`]];
      }),
    ),
  });
}

const built = (name: string, { dockerfile, target }: OwnImage) => ({ name, dockerfile, target: target ?? null });

const service = ({ once, program }: Workload, container: Container) => ({
  image: typeof container.image === 'string' ? null : container.image.name,
  ours: isOurs(container),
  once: once === true,
  profile: container.profile ?? null,
  reads: unlabelled(container, program?.reads ?? []),
});

const isOurs = ({ image }: Container): boolean => typeof image !== 'string' && image.isOurs;

/**
 * What it reads and has no label of in compose.yaml: a team's files, which the compiler only names; what others find
 * mounted; and what a process of it would read when it starts, as a container of ours is on one release as well.
 */
function unlabelled(container: Container, ofProcess: readonly string[]): string[] {
  const { reads = [], mounts = [] } = container;
  const mounted = mounts.flatMap((mount) => ('generated' in mount ? [`generated/${mount.generated}`] : []));
  const all = [...reads, ...(isOurs(container) ? ofProcess : mounted)];
  const labelled = new Set(reads.filter((path) => path.startsWith('generated/')));
  return [...new Set(all)].filter((path) => !labelled.has(path)).sort();
}
