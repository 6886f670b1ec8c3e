/**
 * The real servers that an environment with `stores: servers` runs as processes, on Debian. What is there already is
 * left alone. Packages need root; jars go into ~/.cache/mlops/tools (or $MLOPS_TOOLS).
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OperationError } from '../diagnostics/operation-error.ts';
import { startsNothing } from '../operate/machine/starts-nothing.ts';
import type { DebianPackage, Install } from '../tools/program.ts';
import { tools } from '../tools/registry.ts';

export interface Installation {
  title: string;
  /** What was done, in a few words. */
  work(): Promise<string>;
}

const LIMITS = { timeout: 900_000, maxBuffer: 64 * 1024 * 1024 };
const run = promisify(execFile);

export const toolsFolder = (): string => process.env['MLOPS_TOOLS'] ?? join(homedir(), '.cache', 'mlops', 'tools');

/** In their order. `more` packages and jars are installed with those of the servers. */
export function serverInstallations(
  more: readonly DebianPackage[] = [],
  moreJars: readonly NonNullable<Install['jars']>[] = [],
): Installation[] {
  const packages = [...tools.flatMap(({ install }) => install?.packages ?? []), ...more];
  const jars = [...tools.flatMap(({ install }) => install?.jars ?? []), ...moreJars];
  return [
    { title: "Debian's packages", work: () => installPackages(packages) },
    ...jars.map(({ folder, title, pom }) => ({ title, work: () => installJars(folder, pom) })),
  ];
}

function has(evidence: string): boolean {
  if (evidence.startsWith('/')) return existsSync(evidence);
  // A user's PATH often lacks the administrators' folders.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, evidence)));
}

async function installPackages(packages: readonly DebianPackage[]): Promise<string> {
  const missing = [...new Set(packages.filter(({ evidence }) => !has(evidence)).map(({ name }) => name))];
  if (missing.length === 0) return 'there already';
  if (process.getuid?.() !== 0)
    throw new OperationError(`run as root: apt-get install --no-install-recommends ${missing.join(' ')}`);
  // A package's own server, on its own port, is none of ours: without a runlevel, init's scripts start nothing.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await called('apt-get', ['update', '-qq'], env);
  await startsNothing(() => called('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...missing], env));
  return `installed ${missing.join(', ')}`;
}

async function installJars(folder: string, pom: URL): Promise<string> {
  const target = join(toolsFolder(), folder);
  if (existsSync(target) && readdirSync(target).length > 0) return 'there already';
  const draft = `${target}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const options = ['-q', '-B', '-DincludeScope=runtime', `-DoutputDirectory=${draft}`];
  try {
    await called('mvn', [...options, '-f', fileURLToPath(pom), 'dependency:copy-dependencies'], process.env);
    rmSync(target, { recursive: true, force: true });
    renameSync(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return `${readdirSync(target).length} jars`;
}

/** A failure is the program's own last words. */
async function called(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await run(program, args, { env, ...LIMITS });
  } catch (error) {
    const { code, stderr = '', stdout = '' } = error as { code?: unknown; stderr?: string; stdout?: string };
    if (code === 'ENOENT') throw new OperationError(`${program} is not on this machine; the servers come by it.`);
    const words = `${stdout}\n${stderr}`.trim().split('\n').slice(-6).join('\n    ');
    throw new OperationError(`${program} failed (${String(code)}):\n    ${words}`, 1);
  }
}
