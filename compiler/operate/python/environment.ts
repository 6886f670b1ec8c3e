/** The Python environments: `.venv` from the platform's lock, and one more for each folder that brings its own. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { runtimeOf } from '../../product/product.ts';
import { readIfThere } from '../machine/files.ts';
import { quoteLog, startTool } from '../machine/run-tool.ts';
import { toolEnvironment } from '../machine/tool-environment.ts';
import type { Workspace } from '../workspace.ts';
import { findPython, hasUv } from './find.ts';

const STAMP = 'mlops-environment.json';
const PATHS = 'mlops_platform.pth';

/** What one environment holds. */
export interface Contents {
  target: string;
  lock: string;
  /** Become visible after its own packages, which therefore win. */
  paths: readonly string[];
  /** Installed beside what the lock lists. */
  wheel: string | null;
}

const platform = (workspace: Workspace): Contents => {
  const { lock, wheel } = runtimeOf(workspace.checkout);
  return { target: workspace.venv, lock, paths: sourcesBehind(workspace), wheel };
};

/** Of the runtime, where it is no wheel. An environment that no checkout owns has them from the release alone. */
export function sourcesBehind({ checkout, venv }: Workspace): string[] {
  const { sources } = runtimeOf(checkout);
  return sources === null || dirname(venv) !== checkout ? [] : [sources];
}

/** True when `.venv` holds just what the lock says; then `preparePython` has nothing to do. */
export function isPythonReady(workspace: Workspace): boolean {
  const contents = platform(workspace);
  return isStamped(contents, stampOf(contents, workspace));
}

/** Builds `.venv` if it is not there, was left half built, or belongs to another lock. */
export async function preparePython(workspace: Workspace, note: (text: string) => void): Promise<void> {
  const contents = platform(workspace);
  if (!existsSync(contents.lock))
    throw new OperationError(
      `${contents.lock} is missing: it lists the Python packages that the platform needs. Restore it from git, or ` +
        'install the compiler again.',
    );
  await buildEnvironment(workspace, contents, note);
}

/** The interpreter that a team's tests run with: pytest, and `.venv` behind it. Builds what is not there. */
export async function prepareTesting(workspace: Workspace, note: (text: string) => void): Promise<string> {
  await preparePython(workspace, note);
  const { testLock } = runtimeOf(workspace.checkout);
  const target = join(workspace.checkout, '.mlops', 'test-python');
  const paths = [sitePackages(workspace.venv), ...sourcesBehind(workspace)];
  await buildEnvironment(workspace, { target, lock: testLock, paths, wheel: null }, note);
  return join(target, 'bin', 'python');
}

/** The same for the tests of a folder with a lock of its own, whose packages come first, as where its code runs. */
export async function prepareOwnTesting(
  workspace: Workspace,
  folder: string,
  note: (text: string) => void,
): Promise<string> {
  const behind = join(workspace.checkout, '.mlops', 'test-python');
  const lock = join(workspace.checkout, folder, 'requirements.lock');
  const target = `${behind}-${createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 16)}`;
  const paths = [...[behind, workspace.venv].map(sitePackages), ...sourcesBehind(workspace)];
  await buildEnvironment(workspace, { target, lock, paths, wheel: null }, (text) => note(`${folder}: ${text}`));
  return join(target, 'bin', 'python');
}

/** One environment. The stamp is written last: an interrupted installation has none, and is made again. */
export async function buildEnvironment(
  workspace: Workspace,
  contents: Contents,
  note: (text: string) => void,
): Promise<void> {
  const { target, lock, paths } = contents;
  const stamp = stampOf(contents, workspace);
  if (isStamped(contents, stamp)) return;
  const python = findPython();
  note(`installing ${packageCount(lock)} with ${hasUv() ? 'uv' : 'pip'}`);
  rmSync(target, { recursive: true, force: true });
  const told = (log: string) => note(`installing ${packageCount(lock)}: ${fetchedBy(log)}`);
  for (const [name, command] of installation(contents, python))
    await install(workspace, `python-${name}`, command, told);
  writeFileSync(join(sitePackages(target), PATHS), pathsFile(paths));
  writeFileSync(join(target, STAMP), stamp);
}

export function sitePackages(environment: string): string {
  const lib = join(environment, 'lib');
  const version = readdirSync(lib).find((name) => name.startsWith('python3.')) ?? '';
  return join(lib, version, 'site-packages');
}

function installation({ target, lock, wheel }: Contents, python: string): [string, string[]][] {
  const inside = join(target, 'bin', 'python');
  if (hasUv()) {
    // npm gives all files the same time, by which uv's cache would take one wheel for another.
    const alone = ['--no-deps', '--no-index', '--no-cache'];
    return [
      ['venv', ['uv', 'venv', '--quiet', '--no-project', '--python', python, target]],
      ['install', ['uv', 'pip', 'sync', '--quiet', '--require-hashes', '--python', inside, lock]],
      ...named('runtime', wheel, ['uv', 'pip', 'install', '--quiet', ...alone, '--python', inside]),
    ];
  }
  const pip = [inside, '-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off', '--no-deps'];
  return [
    ['venv', [python, '-m', 'venv', target]],
    ['install', [...pip, '--require-hashes', '-r', lock]],
    ...named('runtime', wheel, [...pip, '--no-index']),
  ];
}

const named = (name: string, wheel: string | null, command: string[]): [string, string[]][] =>
  wheel === null ? [] : [[name, [...command, wheel]]];

/** How far pip is, by its log: it takes minutes. */
export function fetchedBy(log: string): string {
  const fetched = log.match(/^Collecting /gm)?.length ?? 0;
  return log.includes('\nInstalling collected packages') ? 'all fetched, unpacking' : `${fetched} fetched`;
}

/** `told` is called now and then with what it has printed so far, where it prints anything. */
async function install(
  workspace: Workspace,
  name: string,
  command: string[],
  told: (log: string) => void,
): Promise<void> {
  const log = join(workspace.logs, `${name}.log`);
  const env = toolEnvironment(workspace, workspace.python);
  const watch = setInterval(() => {
    const text = readIfThere(log);
    if (text) told(text);
  }, 5000);
  const { exit } = await startTool({ command, cwd: workspace.checkout, env, log }).finally(() => clearInterval(watch));
  if (exit !== '0')
    throw new OperationError(`${explainInstallation(readFileSync(log, 'utf8'), exit)}\n${quoteLog(log)}`);
}

const anyOf = (...texts: string[]): RegExp => new RegExp(texts.join('|'), 'i');

const causes: [RegExp, string][] = [
  [
    /no space left on device|ENOSPC|os error 28/i,
    'The Python environment does not fit on the disk. Free about 3 GB and try again.',
  ],
  [
    anyOf(
      'resolve host|dns error|name resolution|connection refused|network is unreachable',
      'error sending request|timed out|max retries',
    ),
    'The package index cannot be reached. Check the network or the proxy and try again; what was downloaded is kept.',
  ],
  [
    /hash(es)? (mismatch|do not match)|THESE PACKAGES DO NOT MATCH/i,
    'A downloaded package is not the one that the lock names (its hash differs). Nothing was installed; ' +
      'check the package index that you use.',
  ],
  [
    /ensurepip is not available|python3?(\.\d+)?-venv/i,
    'This Python cannot make environments. Install its venv module (on Debian: apt install python3-venv), or uv.',
  ],
];

function explainInstallation(output: string, exit: string): string {
  const known = causes.find(([pattern]) => pattern.test(output));
  return known?.[1] ?? `The Python environment could not be installed (${exit}).`;
}

/** Whether both files of ours are as they were written: one that is damaged means another environment. */
function isStamped({ target, paths }: Contents, stamp: string): boolean {
  if (!existsSync(join(target, 'bin', 'python')) || !existsSync(join(target, 'lib'))) return false;
  return holds(join(target, STAMP), stamp) && holds(join(sitePackages(target), PATHS), pathsFile(paths));
}

function holds(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}

/** As site.py reads it. */
const pathsFile = (paths: readonly string[]): string =>
  paths.map((path) => `import site; site.addsitedir(${JSON.stringify(path)})\n`).join('');

/** The root belongs to it: scripts in an environment hold absolute paths, so a moved checkout needs a new one. */
function stampOf({ lock, wheel }: Contents, { venv }: Workspace): string {
  if (!existsSync(lock)) return '';
  const installed = { lock: digestOf(lock), ...(wheel ? { runtime: digestOf(wheel) } : {}) };
  return `${JSON.stringify({ ...installed, root: dirname(venv) })}\n`;
}

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

function packageCount(lock: string): string {
  const count = readFileSync(lock, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Za-z0-9]/.test(line)).length;
  return count === 1 ? '1 package' : `${count} packages`;
}
