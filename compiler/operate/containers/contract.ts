/** containers.json, as the compiler writes it beside compose.yaml (docs/contracts.md). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { damaged, readGeneratedJson } from '../machine/generated-json.ts';
import type { Workspace } from '../workspace.ts';

export interface ContainerContract {
  /** Compose's project, by which the engine knows the containers. */
  project: string;
  /** Where our containers have the state. */
  state: string;
  /** Runs to its end before any other of ours: it makes the state's folder in its volume. */
  first: string;
  images: Record<string, BuiltImage>;
  services: Record<string, Contained>;
  /** Process → where it answers on this machine. */
  addresses: Record<string, string>;
}

/** Built from the runtime's folder. */
export interface BuiltImage {
  name: string;
  dockerfile: string;
  target: string | null;
}

export interface Contained {
  /** Key of `images`; null of one that others publish. */
  image: string | null;
  /** It runs our Python: it gets releases and state. */
  ours: boolean;
  once: boolean;
  /** Started only when somebody asks for this profile. */
  profile: string | null;
  /** Files and folders of a release that it reads when it starts, and of which compose.yaml has no label. */
  reads: string[];
}

type Place = Pick<Workspace, 'root' | 'environment'>;

const folderOf = ({ root, environment }: Place): string => join(root, 'generated', environment, 'compose');

const contractFile = (workspace: Place): string => join(folderOf(workspace), 'containers.json');

export const composeFile = (workspace: Place): string => join(folderOf(workspace), 'compose.yaml');

export const runsInContainers = (workspace: Place): boolean => existsSync(contractFile(workspace));

export function readContainers(workspace: Place): ContainerContract {
  const file = contractFile(workspace);
  const contract = readGeneratedJson(file) as Partial<ContainerContract>;
  const missing = (['project', 'state', 'first', 'images', 'services', 'addresses'] as const).filter(
    (key) => contract[key] === undefined,
  );
  if (missing.length > 0) throw damaged(file, `it has no ${missing.join(' and no ')}`);
  return contract as ContainerContract;
}

/** Those that a deploy starts; the others are a person's to start. */
export const started = ({ services }: ContainerContract): [string, Contained][] =>
  Object.entries(services).filter(([, { profile }]) => profile === null);

/** Keys of the images that those need. */
export const builtFor = (contract: ContainerContract): string[] =>
  [...new Set(started(contract).flatMap(([, { image }]) => image ?? []))].sort();
