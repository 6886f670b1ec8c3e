/** The Python environments: `.venv` from the platform's lock, and one more for each folder that brings its own. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { quoteLog, startTool } from '../machine/run-tool.ts';
import { toolEnvironment } from '../machine/tool-environment.ts';
import type { Workspace } from '../workspace.ts';
import { findPython, hasUv } from './find.ts';

const STAMP = 'mlops-environment.json';

export const platformLock = (workspace: Workspace) => join(workspace.root, 'runtime', 'requirements.lock');

/** True when `.venv` holds just what the lock says; then `preparePython` has nothing to do. */
export function isPythonReady(workspace: Workspace): boolean {
  return isStamped(join(workspace.root, '.venv'), stampOf(platformLock(workspace), workspace));
}

/** Builds `.venv` if it is not there, was left half built, or belongs to another lock. */
export async function preparePython(workspace: Workspace, note: (text: string) => void): Promise<void> {
  const lock = platformLock(workspace);
  if (!existsSync(lock))
    throw new OperationError(
      `${lock} is missing: it lists the Python packages that the platform needs. Restore it from git.`,
    );
  await buildEnvironment(workspace, join(workspace.root, '.venv'), lock, [join(workspace.root, 'runtime')], note);
}

/**
 * One environment from one lock. `paths` become visible after its own packages, which therefore win. The stamp is
 * written last: an interrupted installation has none, and is made again.
 */
export async function buildEnvironment(
  workspace: Workspace,
  target: string,
  lock: string,
  paths: string[],
  note: (text: string) => void,
): Promise<void> {
  const stamp = stampOf(lock, workspace);
  if (isStamped(target, stamp)) return;
  const python = findPython();
  note(`installing ${packageCount(lock)} with ${hasUv() ? 'uv' : 'pip'}`);
  rmSync(target, { recursive: true, force: true });
  for (const [name, command] of installation(target, lock, python)) await install(workspace, `python-${name}`, command);
  writeFileSync(
    join(sitePackages(target), 'mlops_platform.pth'),
    paths.map((path) => `import site; site.addsitedir(${JSON.stringify(path)})\n`).join(''),
  );
  writeFileSync(join(target, STAMP), stamp);
}

export function sitePackages(environment: string): string {
  const lib = join(environment, 'lib');
  const version = readdirSync(lib).find((name) => name.startsWith('python3.')) ?? '';
  return join(lib, version, 'site-packages');
}

function installation(target: string, lock: string, python: string): [string, string[]][] {
  const inside = join(target, 'bin', 'python');
  if (hasUv())
    return [
      ['venv', ['uv', 'venv', '--quiet', '--no-project', '--python', python, target]],
      ['install', ['uv', 'pip', 'sync', '--quiet', '--require-hashes', '--python', inside, lock]],
    ];
  return [
    ['venv', [python, '-m', 'venv', target]],
    [
      'install',
      [
        inside,
        '-m',
        'pip',
        'install',
        '--disable-pip-version-check',
        '--progress-bar',
        'off',
        '--no-deps',
        '--require-hashes',
        '-r',
        lock,
      ],
    ],
  ];
}

async function install(workspace: Workspace, name: string, command: string[]): Promise<void> {
  const log = join(workspace.logs, `${name}.log`);
  const { exit } = await startTool({
    command,
    cwd: workspace.root,
    env: toolEnvironment(workspace, workspace.python),
    log,
  });
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

function isStamped(target: string, stamp: string): boolean {
  const file = join(target, STAMP);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp && existsSync(join(target, 'bin', 'python'));
}

/** The root belongs to it: scripts in an environment hold absolute paths, so a moved checkout needs a new one. */
function stampOf(lock: string, workspace: Workspace): string {
  if (!existsSync(lock)) return '';
  const digest = createHash('sha256').update(readFileSync(lock)).digest('hex');
  return `${JSON.stringify({ lock: digest, root: workspace.root })}\n`;
}

function packageCount(lock: string): string {
  const count = readFileSync(lock, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Za-z0-9]/.test(line)).length;
  return count === 1 ? '1 package' : `${count} packages`;
}
