/** Which secrets an environment reads, and where each has its value. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { isFolder, readIfThere } from '../machine/files.ts';
import { readGeneratedJson } from '../machine/generated-json.ts';
import { generatedSecretFile, randomSecret } from '../secrets.ts';
import { ownerOf, type Workspace } from '../workspace.ts';
import { keptSecretFile, writeSecret } from './kept-secrets.ts';
import { peopleLogIn } from './log-ins.ts';

export interface SecretPlace {
  name: string;
  /** Null where only a variable of who starts the containers holds it. */
  file: string | null;
  /** Of the shell; it wins over the file. Null where only the file counts. */
  variable: string | null;
  /** What the platform's own containers tell each other: made, and known to nobody. */
  isOwn: boolean;
  mode: number;
}

/** Names that begin so are the platform's own (compiler/hosts/compose/secrets.ts). */
const OWN = 'mlops_';
// Compose mounts the file as it is, and containers run as users of their own: all may read it, and only its owner may
// get to it, by the folder's mode.
const MOUNTED = 0o444;

interface EnvironmentContract {
  secrets: { provider: 'env' } | { provider: 'file'; dir: string };
  connections: Record<string, { secrets: Record<string, string> }>;
}

interface Composed {
  secrets?: Record<string, { file?: string; environment?: string }>;
}

export function secretPlaces(workspace: Workspace): SecretPlace[] {
  const { root, environment } = workspace;
  const compose = join(root, 'generated', environment, 'compose', 'compose.yaml');
  if (existsSync(compose)) return composed(workspace, compose);
  const contract = contractOf(workspace);
  if (!existsSync(contract))
    throw new OperationError(`There is no environment '${environment}' in generated/; \`mlops compile\` writes it.`);
  return [...ofConnections(workspace, readGeneratedJson(contract) as EnvironmentContract), ...ofPeople(workspace)];
}

function ofConnections(workspace: Workspace, { secrets, connections }: EnvironmentContract): SecretPlace[] {
  const names = new Set(Object.values(connections).flatMap((each) => Object.values(each.secrets)));
  return [...names].sort().map((name) => {
    const variable = variableOf(name);
    return secrets.provider === 'env'
      ? { name, file: keptSecretFile(workspace, variable), variable, isOwn: false, mode: 0o600 }
      : { name, file: resolve(ownerOf(workspace), secrets.dir, name), variable: null, isOwn: false, mode: 0o600 };
  });
}

/** With which people log in; the others of a machine's own are known to its processes alone. */
const ofPeople = (workspace: Workspace): SecretPlace[] =>
  peopleLogIn(workspace).map(({ secret }) => ({
    name: secret,
    file: generatedSecretFile(workspace.state, secret),
    variable: null,
    isOwn: true,
    mode: 0o600,
  }));

/** Those that the platform made for itself, by name, as far as what is planned holds one. */
export function madeSecrets(workspace: Workspace): Record<string, string> {
  const plan = readIfThere(workspace.plan) ?? '';
  const names = [...plan.matchAll(/\$\{secret:([\w-]+)\}/g)].flatMap(([, name]) => (name ? [name] : []));
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      const file = generatedSecretFile(workspace.state, name);
      const value = isFolder(file) ? null : readIfThere(file);
      return value ? [[name, value]] : [];
    }),
  );
}

const contractOf = ({ root, environment }: Workspace): string =>
  join(root, 'generated', environment, 'runtime', 'environment.json');

/** Values that stand in the team's own files, by the secret's name: whoever needs one reads it there. */
export function secretsInFiles(workspace: Workspace): Record<string, string> {
  if (!existsSync(contractOf(workspace))) return {};
  const places = secretPlaces(workspace).filter(({ variable, isOwn }) => variable === null && !isOwn);
  return Object.fromEntries(
    places.flatMap((place) => {
      const value = valueIfReadable(place);
      return value === null ? [] : [[place.name, value]];
    }),
  );
}

/** Of a file that cannot be read, whoever needs it says why. */
function valueIfReadable(place: SecretPlace): string | null {
  try {
    return secretValue(place);
  } catch {
    return null;
  }
}

/** As `secretVariable` of the IR, and the runtime, have it. */
const variableOf = (name: string): string => `MLOPS_SECRET_${name.replaceAll('-', '_').toUpperCase()}`;

/** A relative place is seen from compose.yaml, as it lies in the folder that the secrets are of. */
function composed(workspace: Workspace, file: string): SecretPlace[] {
  const seenFrom = join(ownerOf(workspace), relative(workspace.root, dirname(file)));
  const { secrets = {} } = parse(readFileSync(file, 'utf8')) as Composed;
  return Object.entries(secrets).map(([name, source]) => ({
    name,
    file: source.file === undefined ? null : resolve(seenFrom, source.file),
    variable: source.environment ?? null,
    isOwn: name.startsWith(OWN),
    mode: MOUNTED,
  }));
}

/** Null where it has none. A line's end is none of it. */
export function secretValue({ file, variable }: SecretPlace): string | null {
  const given = variable === null ? undefined : process.env[variable];
  if (given) return given;
  const kept = file === null ? '' : (readIfThere(file) ?? '').replace(/[\r\n]+$/, '');
  return kept === '' ? null : kept;
}

/** Makes those of the platform's own that are missing, and changes none; returns their files. */
export function makeOwnSecrets(places: readonly SecretPlace[]): string[] {
  return places.flatMap(({ isOwn, file, mode }) => {
    if (!isOwn || file === null || existsSync(file)) return [];
    writeSecret(file, randomSecret(), mode);
    return [file];
  });
}
