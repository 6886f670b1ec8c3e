/** What a container waits for, and how it is asked whether it is healthy. */
import { type Address, url } from '../../tools/host.ts';
import type { Container, Health, Need, Running, Workload } from '../../tools/workload.ts';

/** The containers of a workload, and where the first answers. */
interface Neighbour {
  containers: string[];
  at: Address | undefined;
}

/** By the names of workloads, and those of containers: a need of a team's own may name one of several. */
export type Neighbours = ReadonlyMap<string, Neighbour>;

export function neighboursOf(running: readonly Running[], containersOf: (workload: Workload) => string[]): Neighbours {
  const found = new Map<string, Neighbour>();
  for (const { workload, addresses } of running) {
    const [at] = addresses;
    const containers = containersOf(workload);
    for (const container of containers) found.set(container, { containers: [container], at });
    found.set(workload.name, { containers, at });
  }
  return found;
}

const CONDITIONS: Record<Need, string> = { healthy: 'service_healthy', completed: 'service_completed_successfully' };

/** What the environment has not is not waited for. */
export function dependencies({ needs, health }: Workload, neighbours: Neighbours) {
  // Who asks another one how it is would be unhealthy until that answers.
  const asked: Record<string, Need> = isOfAnother(health) ? { [health.of]: 'healthy' } : {};
  const all = Object.entries({ ...needs, ...asked });
  const conditions = all.flatMap(([name, need]) =>
    (neighbours.get(name)?.containers ?? []).map((container) => [container, { condition: CONDITIONS[need] }] as const),
  );
  return Object.fromEntries(conditions);
}

const isOfAnother = (health: Health | undefined): health is Extract<Health, { of: string }> =>
  typeof health === 'object' && 'of' in health;

/** The words that ask; null where nothing is asked. A container asks itself, so here `localhost` is right. */
export function healthCommand(workload: Workload, container: Container, neighbours: Neighbours): string[] | null {
  const { health, name } = workload;
  if (Array.isArray(container.probe)) return container.probe;
  if (health === undefined) return null;
  const at = neighbours.get(isOfAnother(health) ? health.of : name)?.at;
  if (!at) throw new Error(`the health of ${name} is asked at no port`);
  if (health === 'accepts') return ['nc', '-z', 'localhost', String(at.port)];
  const address = url(isOfAnother(health) ? at : { ...at, host: 'localhost' });
  const isOurs = typeof container.image !== 'string' && container.image.isOurs;
  const conditions = isOfAnother(health) ? [health.says] : [];
  const started = isOurs && 'ready' in health && health.ready ? ['--started', `${address}${health.ready}`] : [];
  return [...asking(name, container), `${address}${health.http}`, ...conditions, ...started];
}

/** Our own image has no curl, images that are built on busybox have a wget. */
function asking(name: string, { image, probe }: Container): string[] {
  if (typeof image !== 'string' && image.isOurs) return ['python', '-m', 'mlops_runtime.containers.healthy'];
  if (probe === 'wget') return ['wget', '-q', '-O', '/dev/null'];
  if (probe === 'curl') return ['curl', '--fail', '--silent', '--output', '/dev/null'];
  throw new Error(`no program asks the container of ${name} whether it is healthy`);
}
