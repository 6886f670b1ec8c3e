/**
 * The steps of a workflow, taken from its YAML and played on this machine: `run:` as it stands, by the shell that
 * GitHub takes; of the actions `checkout`, as its own description says. What sets a machine up (Node) is there.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import type { Packed } from './packed.ts';

export interface Step {
  uses?: string;
  with?: Record<string, unknown>;
  run?: string;
  env?: Record<string, string>;
}

export interface Job {
  if?: string;
  needs?: string;
  permissions: Record<string, string>;
  steps: Step[];
}

export const jobsOf = (file: string): Record<string, Job> => parse(readFileSync(file, 'utf8')).jobs;
export const stepsOf = (file: string, job: string): Step[] => jobsOf(file)[job]?.steps ?? [];

/** Whether a job starts, by its `if:` of comparisons; what has no value is empty, as on GitHub. */
export const starts = ({ if: condition = '' }: Job, words: Record<string, string>): boolean =>
  condition.split('&&').every((part) => {
    const [, name = '', quoted, other = ''] = /^ *([\w.]+) == (?:'([^']*)'|([\w.]+)) *$/.exec(part) ?? [];
    if (name === '') throw new Error(`no comparison: ${part}`);
    return (words[name] ?? '') === (quoted ?? words[other] ?? '');
  });

export const TOKEN = 'ghs_canary5f1e6d0c9b8a7766554433221100';
const BASE64 = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');
export const hasToken = (text: string): boolean => text.includes(TOKEN) || text.includes(BASE64);

export const SERVER = 'https://github.example';

/** `npm ci` gives what the lock file says: the package under test. Everything else is the real npm. */
export function writePrograms(folder: string, { installed }: Packed): void {
  mkdirSync(folder);
  const real = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((each) => join(each, 'npm'))
    .find(existsSync);
  writeFileSync(
    join(folder, 'npm'),
    `#!/bin/sh
if [ "$1" = ci ]; then
  [ "$*" = "ci --ignore-scripts" ] && [ -z "$(git status --porcelain)" ] || exit 9
  mkdir node_modules
  exec ln -s '${join(installed, '..')}'/* '${join(installed, '..')}/.bin' node_modules/
fi
exec '${real}' "$@"
`,
    { mode: 0o755 },
  );
}

export interface Played {
  exit: number | null;
  output: string;
}

interface Stage {
  /** What is checked out where a step says nothing else. */
  origin: string;
  commit: string;
  work: string;
  env: Record<string, string>;
  /** What stands between `${{` and `}}`. */
  words: Record<string, string>;
}

/** Until one fails. */
export async function play(steps: readonly Step[], stage: Stage): Promise<Played> {
  const played: Played = { exit: 0, output: '' };
  for (const step of steps) {
    if (step.uses?.startsWith('actions/checkout@')) checkOut(step, stage);
    if (step.run === undefined || played.exit !== 0) continue;
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', filled(step.run, stage)], {
      cwd: stage.work,
      env: {
        ...stage.env,
        ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, filled(text, stage)])),
      },
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        played.output += data;
      });
    played.exit = await new Promise((resolve) => child.on('close', resolve));
  }
  return played;
}

const filled = (text: string, { words }: Stage): string =>
  text.replace(/\$\{\{ (.*?) \}\}/g, (_, word) => words[word] ?? '');

/** The token stays behind in `.git/config` unless the step says otherwise. */
function checkOut({ with: inputs = {} }: Step, stage: Stage): void {
  const { origin, work, commit } = stage;
  const git = (...args: string[]) => execFileSync('git', args, { env: stage.env, stdio: 'pipe' });
  git('clone', '--quiet', '--no-checkout', origin, work);
  git('-C', work, 'fetch', '--quiet', 'origin', commit);
  git('-C', work, 'checkout', '--quiet', '--detach', filled(String(inputs['ref'] ?? commit), stage));
  if (inputs['persist-credentials'] === false) return;
  git('-C', work, 'config', `http.${SERVER}/.extraheader`, `AUTHORIZATION: basic ${BASE64}`);
}
