/** The servers' programs on this machine: where they are, and what to install where they are not. */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { OperationError } from '../../diagnostics/operation-error.ts';

/** What a plan says of a program that its commands ask for. */
export interface PlannedProgram {
  /** In words, for who has to install it. */
  title: string;
  /** Debian's package, or how else to get it. */
  from: string;
  /**
   * The first of these names that is on the PATH, before that in the newest version that a folder has; or a folder of
   * jars.
   */
  find: { names: string[]; versions?: string } | { jars: string };
}

/** What no Debian package has is put here, once a machine: jars. */
const toolsFolder = (): string => process.env['MLOPS_TOOLS'] ?? join(homedir(), '.cache', 'mlops', 'tools');

/** Where a program is, or the folder of its jars. */
export function programPath(program: PlannedProgram): string {
  const path = found(program);
  if (path === null) throw new OperationError(missing([program]));
  return path;
}

/** Names everything of this that the machine lacks, at once. */
export function requirePrograms(programs: readonly PlannedProgram[]): void {
  const absent = programs.filter((program) => found(program) === null);
  if (absent.length > 0) throw new OperationError(missing(absent));
}

function missing(programs: readonly PlannedProgram[]): string {
  return [
    'These servers are not installed on this machine:',
    ...programs.map(({ title, from }) => `  ${title}, from ${from}`),
    'On Debian `mlops servers install` installs them all; `--env local` needs none of them.',
  ].join('\n');
}

function found({ find }: PlannedProgram): string | null {
  if ('jars' in find) return jars(find.jars);
  return (find.versions && newest(find.versions, find.names)) || onPath(find.names);
}

function onPath(names: readonly string[]): string | null {
  // A user's PATH often lacks the administrators' folders.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  for (const name of names)
    for (const folder of folders) if (folder && executable(join(folder, name))) return join(folder, name);
  return null;
}

/** In the newest version of those that a folder has, each in a folder of its own. */
function newest(root: string, names: readonly string[]): string | null | undefined {
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions
    .flatMap((version) => names.map((name) => executable(join(root, version, 'bin', name))))
    .find((path) => path !== null);
}

function jars(name: string): string | null {
  const folder = join(toolsFolder(), name);
  return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.jar')) ? folder : null;
}

function executable(path: string): string | null {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return null;
  }
}
