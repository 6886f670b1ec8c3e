/** What the hook of the demo's repository calls, with its settings: what was pushed is checked and deployed. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { createProgress } from '../../compiler/operate/progress.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { deploy } from '../../compiler/release/deploy.ts';
import { compile } from './compile.ts';

export interface Settings {
  /** The bare repository. */
  repository: string;
  /** Of the builds, which have a new checkout each. */
  builds: string;
  /** Whose state and Python the platform runs with. */
  root: string;
  environment: string;
}

const { repository, builds, root, environment } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Settings;
const out = (line: string): void => void process.stdout.write(line);
try {
  for (const line of (await text(process.stdin)).trim().split('\n')) await build(line.split(' ')[1] ?? '');
} catch (problem) {
  if (!(problem instanceof OperationError)) throw problem;
  out(`${problem.message}\n`);
  process.exitCode = problem.exit;
}

async function build(commit: string): Promise<void> {
  const checkout = join(builds, commit.slice(0, 12));
  execFileSync('git', ['clone', '--quiet', '--no-checkout', repository, checkout]);
  execFileSync('git', ['-C', checkout, 'checkout', '--quiet', '--detach', commit]);
  await compile(checkout, '--check');
  const progress = createProgress({ isTerminal: false, color: false, out });
  const release = await deploy(openWorkspace(root, environment), progress, { source: checkout });
  out(`Deployed ${commit} as release ${release}.\n`);
}
