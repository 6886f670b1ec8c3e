/** What compose.yaml cannot say, as only a machine and its releases know it. Pure. */
import { createHash } from 'node:crypto';
import { isSpec } from '../releases.ts';
import { type Contained, type ContainerContract, started } from './contract.ts';

export interface Known {
  /** Absolute: the folder of all releases. */
  releases: string;
  /** Image → its name, of those that were built. */
  images: Record<string, string>;
  /** Path → SHA-256, of the release. */
  files: Record<string, string>;
  /** Name → its file, absolute: a relative one is of the checkout, or of MLOPS_HOME, and not of the release. */
  secrets: Record<string, string>;
}

const RUNTIME = 'runtime/mlops_runtime';

/** A second file for Compose, which adds to the first. JSON, as all of it is YAML, too. */
export function overrideOf(contract: ContainerContract, known: Known): string {
  const services = started(contract).map(([name, contained]) => [name, overridden(name, contained, contract, known)]);
  const secrets = Object.fromEntries(Object.entries(known.secrets).map(([name, file]) => [name, { file }]));
  // Compose fills in `$NAME`, also in paths.
  return `${JSON.stringify({ services: Object.fromEntries(services), secrets }, null, 1).replaceAll('$', '$$$$')}\n`;
}

function overridden(name: string, contained: Contained, { state, first }: ContainerContract, known: Known): object {
  const { image, ours, once } = contained;
  const built = image === null ? undefined : known.images[image];
  return {
    ...(built === undefined ? {} : { image: built }),
    // A one-shot runs at each deploy anyway.
    ...(once ? {} : { labels: { 'mlops.reads.release': digestOf(readBy(contained), known.files) } }),
    ...(ours && name !== first ? pinned(state, first, known) : {}),
  };
}

/** It sees all releases, and is on the one that is current when it starts. */
function pinned(state: string, first: string, { releases, files }: Known): object {
  const current = `${state}/releases/current`;
  const carriesRuntime = Object.keys(files).some((path) => path.startsWith(`${RUNTIME}/`));
  return {
    environment: {
      MLOPS_ROOT: current,
      MLOPS_STATE: state,
      ...(carriesRuntime ? { PYTHONPATH: `${current}/runtime` } : {}),
    },
    volumes: [`${releases}:${state}/releases:ro`],
    // The engine makes the folder of a mount, and above it the state's would be root's.
    depends_on: { [first]: { condition: 'service_completed_successfully' } },
  };
}

const readBy = ({ ours, reads }: Contained): string[] => (ours ? [...reads, RUNTIME] : reads);

function digestOf(paths: readonly string[], files: Record<string, string>): string {
  const hash = createHash('sha256');
  for (const [path, digest] of Object.entries(files))
    if (!isSpec(path) && paths.some((each) => path === each || path.startsWith(`${each}/`)))
      hash.update(`${path}\0${digest}\n`);
  return `sha256:${hash.digest('hex').slice(0, 16)}`;
}
