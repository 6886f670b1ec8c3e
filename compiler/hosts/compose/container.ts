/** A workload as Compose's services: one, or one per replica. */
import { createHash, type Hash } from 'node:crypto';
import { byText } from '../../diagnostics/diagnostic.ts';
import { portOf } from '../../ir/look-up.ts';
import { PACKAGED_RUNTIME } from '../../product/product.ts';
import type { Artifact } from '../../render/artifact.ts';
import type { Json } from '../../render/json.ts';
import type { Container, OwnImage, Workload } from '../../tools/workload.ts';
import { LOGS } from '../../tools/workload.ts';
import type { Installation } from '../host.ts';
import { type commonOf, filesIn } from './fragments.ts';
import { containersOf, ROOT } from './host.ts';
import { CHECKOUT, mountsOf, scratchOf } from './mounts.ts';
import { granted, nameOfSecret } from './secrets.ts';
import { dependencies, healthCommand, type Neighbours, neighboursOf } from './waiting.ts';

// Aliases, not interfaces: these become YAML as they are.
export type Service = { [key: string]: Json };
export type Services = Record<string, Service>;

/** What is worked out once for all containers of an environment. */
interface Scene extends Installation {
  /** What all of ours have. */
  common: ReturnType<typeof commonOf>['x-ours'];
  neighbours: Neighbours;
  /** Image → the workload whose container builds it for all. */
  builders: ReadonlyMap<string, string>;
  granted: ReturnType<typeof granted>;
  contents: ReadonlyMap<string, Artifact[]>;
}

export function servicesOf(installation: Installation, common: Scene['common']): Services {
  const { running, site, files } = installation;
  const scene: Scene = {
    ...installation,
    common,
    neighbours: neighboursOf(running, containersOf),
    builders: buildersOf(installation),
    granted: granted(site.ir, site.environment, ROOT),
    contents: byFolder(files),
  };
  return Object.fromEntries(
    running.flatMap(({ workload }) => {
      const { container } = workload;
      return container ? containersOf(workload).map((name) => [name, service(workload, container, scene)]) : [];
    }),
  );
}

/** The first that runs an image builds it; the others find it by its tag. */
function buildersOf({ running }: Installation): Map<string, string> {
  const builders = new Map<string, string>();
  for (const { workload } of running) {
    const image = workload.container?.image;
    if (typeof image === 'object' && !builders.has(image.name)) builders.set(image.name, workload.name);
  }
  return builders;
}

function service(workload: Workload, container: Container, scene: Scene): Service {
  const { image, networks, reads, profile, grace, megabytes, cpus } = container;
  const isOurs = typeof image === 'object' && image.isOurs;
  const depends_on = dependencies(workload, scene.neighbours);
  const test = healthCommand(workload, container, scene.neighbours);
  return {
    ...(isOurs ? ours(workload, container, scene) : theirs(workload, container, scene)),
    ...given({ ports: portsOf(workload, container, scene) }),
    networks,
    ...given({ depends_on }),
    ...(test ? { healthcheck: { '<<': 'health', test: ['CMD', ...test] } } : {}),
    ...given({ labels: contentLabels(reads ?? [], scene) }),
    ...(profile ? { profiles: [profile] } : {}),
    // A one-shot that failed is looked at; starting it over would hide why.
    ...(workload.once ? { restart: 'no' } : {}),
    ...(grace ? { stop_grace_period: `${grace}s` } : {}),
    deploy: { resources: { limits: { cpus: String(cpus), memory: `${megabytes}m`, pids: 1024 } } },
  };
}

/** `python -m mlops_runtime …` and the like, as a user without rights, on a read-only root. */
function ours(workload: Workload, container: Container, scene: Scene): Service {
  const { common, granted: connections, site } = scene;
  const { shared, log } = workload;
  const image = container.image as OwnImage;
  const isCommon = tagOf(image, scene) === common.image;
  const variables = {
    ...(log === undefined ? {} : { MLOPS_LOG: `${LOGS.folder}/${log}.log` }),
    ...variablesOf(workload, container),
    ...(workload.runsSteps ? connections.variables : {}),
  };
  const secrets = [...secretsOf(workload, container), ...(workload.runsSteps ? connections.secrets : [])];
  // A list of its own takes the fragment's place.
  const extended = <T>(all: readonly T[], more: readonly T[]): T[] => (more.length > 0 ? [...all, ...more] : []);
  const inherits = !shared && Object.keys(variables).length === 0;
  return {
    ...buildOf(workload, image, scene),
    '<<': 'ours',
    ...(isCommon ? {} : { image: tagOf(image, scene) }),
    command: container.command ?? [],
    ...given({
      environment: inherits ? {} : { '<<': shared?.name ?? 'variables', ...variables },
      secrets: extended<string | object>(common.secrets, secrets) as Json[],
      volumes: extended(common.volumes, mountsOf(workload, site.environment.name)),
      tmpfs: extended(common.tmpfs, scratchOf(workload)),
    }),
  };
}

/** A container of an image that others publish, or of one that has nothing of ours. */
function theirs(workload: Workload, container: Container, scene: Scene): Service {
  const { image, entrypoint, command, user, extras, hardened } = container;
  return {
    '<<': 'every',
    ...(typeof image === 'string' ? {} : buildOf(workload, image, scene)),
    image: typeof image === 'string' ? image : tagOf(image, scene),
    ...given({ entrypoint, command, user }),
    ...extras,
    ...(hardened === true ? { read_only: true } : {}),
    ...(hardened ? { cap_drop: ['ALL'] } : {}),
    ...given({
      environment: variablesOf(workload, container),
      secrets: secretsOf(workload, container),
      volumes: mountsOf(workload, scene.site.environment.name),
      tmpfs: scratchOf(workload),
    }),
  };
}

const tagOf = ({ name }: OwnImage, { site: { ir, environment } }: Scene): string =>
  `${ir.platform.name}-${name}:${environment.name}`;

function buildOf(
  { name }: Workload,
  { name: image, dockerfile, target }: OwnImage,
  { builders, site }: Scene,
): Service {
  if (builders.get(image) !== name) return {};
  const folder = site.ir.platform.carriesRuntime ? 'runtime' : PACKAGED_RUNTIME;
  return { build: { context: `${CHECKOUT}/${folder}`, dockerfile, ...given({ target }) } };
}

const variablesOf = ({ variables, secretVariables }: Workload, container: Container): Record<string, string> => ({
  ...variables,
  ...container.variables,
  ...filesIn(secretVariables),
});

function secretsOf({ shared, secretVariables }: Workload, { secrets, providedSecrets }: Container): string[] {
  const own = [...(shared?.secrets ?? []), ...(secrets ?? []), ...Object.values(secretVariables ?? {})];
  return [...own.map(nameOfSecret), ...(providedSecrets ?? [])];
}

/**
 * Loopback: most have no log-in of their own, or one that is not made for the Internet; people come through SSH.
 */
function portsOf(workload: Workload, { open, openPort }: Container, { site, neighbours }: Scene): Json[] {
  if (open === undefined) return [];
  const { port } = workload;
  const published = openPort?.onHost ?? (port && 'part' in port ? portOf(site.environment.ports, port.part) : null);
  return [
    {
      target: openPort?.inside ?? neighbours.get(workload.name)?.at?.port ?? null,
      published: String(published),
      ...(open === 'loopback' ? { host_ip: '127.0.0.1' } : {}),
      protocol: 'tcp',
    },
  ];
}

/** What is there: Compose takes an empty list or map for a statement. */
const given = (fields: Record<string, Json | undefined>): Service =>
  Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, Json] =>
        entry[1] !== undefined && (typeof entry[1] !== 'object' || Object.keys(entry[1] ?? {}).length > 0),
    ),
  );

/** Each folder below `generated/`, and each file, with the files that it holds. */
function byFolder(files: readonly Artifact[]): Map<string, Artifact[]> {
  const found = new Map<string, Artifact[]>();
  for (const file of files) {
    const parts = file.path.split('/');
    for (let length = 1; length <= parts.length; length += 1) {
      const folder = parts.slice(0, length).join('/');
      const held = found.get(folder) ?? [];
      held.push(file);
      found.set(folder, held);
    }
  }
  return found;
}

/**
 * Of what it reads of generated/ when it starts: where a label differs, `docker compose up` makes the container again.
 * A label per file, or per part of one: changes of two specs are changes of two lines, which git merges.
 */
function contentLabels(reads: readonly string[], { contents }: Scene): Record<string, string> {
  const files = reads.flatMap((path) => contents.get(path.replace(/^generated\//, '')) ?? []);
  const digests = new Map<string, Hash>();
  for (const { path, content, parts } of files)
    for (const [name, text] of parts ?? [[path, content]])
      digests.set(name, (digests.get(name) ?? createHash('sha256')).update(text));
  const labels = [...digests].map(([name, hash]) => {
    return [`mlops.reads.${name}`, `sha256:${hash.digest('hex').slice(0, 16)}`] as const;
  });
  return Object.fromEntries(labels.sort(([a], [b]) => byText(a, b)));
}
