/** `mlops drift --write-back`: what differs live becomes a change of the specs, on a branch of its own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import type { Workspace } from '../operate/workspace.ts';
import { liveContext } from '../release/context.ts';
import { difference } from '../release/differs.ts';
import type { Drift } from '../release/drift.ts';
import { liveSides } from '../release/registry.ts';
import type { Artifact } from '../render/artifact.ts';
import { readSources } from '../source/read.ts';
import { readGenerated, writeGenerated } from '../write/folder.ts';
import { withRepositoryLock } from '../write/lock.ts';
import { planWrite } from '../write/plan.ts';
import { replaceFiles } from '../write/replace.ts';
import { type Drifted, type Written, writeBack } from '../write-back/propose.ts';
import type { Context } from './command.ts';

/** Airflow's DAGs are files, which nobody changes live; the rest of what is looked at has no spec. */
const sides = liveSides.filter(({ name }) => name !== 'airflow');

/** Exit code: 0 where all became a change of the specs, 1 where something is left to people. */
export async function specsFromLive(
  workspace: Workspace,
  running: Workspace,
  drifts: readonly Drift[],
  context: Context,
): Promise<number> {
  requireCleanTree(workspace);
  const differs = difference(workspace);
  if (differs !== null) throw new OperationError(`${differs} Then write back: a change is of the specs that run.`);
  const changed = new Set(drifts.filter((each) => each.differences.length > 0).map(({ tool }) => tool));
  const looked = sides.filter(({ name }) => changed.has(name));
  const live = liveContext(running, () => {});
  const drifted: Drifted[] = [];
  for (const side of looked)
    drifted.push({ tool: side.name, desired: await side.desired(live), observed: await side.observe(live) });
  const written = await writeBack(readSources(workspace.root), drifted, (tool, files) =>
    inTrial(running, files, async (trial) => {
      const side = looked.find(({ name }) => name === tool);
      return side ? side.desired(trial) : new Map();
    }),
  );
  const branch = written.said.length === 0 ? null : commitOnBranch(workspace, written);
  print(written, drifts, branch, context);
  const others = drifts.filter(({ tool }) => changed.has(tool) && !looked.some(({ name }) => name === tool));
  return written.left.length === 0 && others.length === 0 ? 0 : 1;
}

/** A live side's context for files that are compiled and nowhere deployed. */
async function inTrial<T>(
  running: Workspace,
  files: readonly Artifact[],
  work: (live: ReturnType<typeof liveContext>) => Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'mlops-write-back-'));
  try {
    for (const { path, content } of files) {
      const file = join(root, 'generated', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    for (const name of ['pipelines', 'models', 'runtime']) symlinkSync(join(running.root, name), join(root, name));
    const { environment } = running;
    const plan = join(root, 'generated', environment, 'process', 'processes.json');
    return await work(liveContext({ ...running, root, plan }, () => {}));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function git({ root }: Workspace, ...words: string[]): string {
  try {
    return execFileSync('git', ['-C', root, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (problem) {
    const { stderr = '' } = problem as { stderr?: string };
    const said = String(stderr).trim().split('\n')[0] || 'it says no more';
    throw new OperationError(`git ${words[0]} failed: ${printable(said)}. The specs are as they were.`);
  }
}

export function requireCleanTree(workspace: Workspace): void {
  const [first, ...others] = git(workspace, 'status', '--porcelain').split('\n').filter(Boolean);
  if (first === undefined) return;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  throw new OperationError(
    `The work tree has changes that are not committed (${printable(first.replace(/^.. ?/, ''))}${more}). Commit or ` +
      'stash them: what is written back is a commit of its own.',
  );
}

/** Its tree is as before where anything fails. */
export function commitOnBranch(workspace: Workspace, { texts, files, said }: Written): string {
  const { root, environment } = workspace;
  const before = git(workspace, 'rev-parse', '--abbrev-ref', 'HEAD');
  const from = before === 'HEAD' ? git(workspace, 'rev-parse', 'HEAD') : before;
  const at = new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '-');
  const branch = `drift/${environment}-${at}`;
  git(workspace, 'switch', '--quiet', '--create', branch);
  try {
    withRepositoryLock(root, () => {
      replaceFiles(root, texts);
      writeGenerated(root, planWrite([...files], readGenerated(root, [...files])));
    });
    git(workspace, 'add', '--all', '--', 'generated', ...texts.keys());
    const lines = said.map(
      ({ address, path, before: old, after }) => `- ${address} ${path}: ${after} instead of ${old}`,
    );
    const body = `What was changed by hand in ${environment}, as the specs say it:\n\n${lines.join('\n')}`;
    git(workspace, 'commit', '--quiet', '--message', `Specs say what runs in ${environment}`, '--message', body);
    return branch;
  } catch (problem) {
    git(workspace, 'reset', '--quiet', '--hard');
    git(workspace, 'switch', '--quiet', ...(before === 'HEAD' ? ['--detach'] : []), from);
    git(workspace, 'branch', '--quiet', '-D', branch);
    throw problem;
  }
}

function print({ said, left }: Written, drifts: readonly Drift[], branch: string | null, { out }: Context): void {
  for (const { file, line, before, after, address, path, also } of said) {
    out(`${printable(`${file}:${line}  ${before} → ${after}  (${address} ${path})`)}\n`);
    if (also.length > 0) out(`  with it, a deploy changes ${printable(also.join(', '))}\n`);
  }
  if (branch !== null)
    out(`\nCommitted on the branch ${printable(branch)}, compiled. Push it, and have it reviewed and deployed.\n`);
  const wayOf = (address: string): string => {
    const drift = drifts.find(({ differences }) => differences.some((each) => each.address === address));
    return drift?.wayBack ?? '`mlops deploy` brings back what was deployed.';
  };
  const looked = new Set(left.map(({ address }) => address).concat(said.map(({ address }) => address)));
  const others = drifts
    .flatMap(({ differences }) => differences)
    .filter(({ address }) => !looked.has(address))
    .map(({ address }) => ({ address, path: '', why: 'no spec says it' }));
  if (left.length + others.length > 0) out('\nLeft to you:\n');
  for (const { address, path, why } of [...left, ...others])
    out(`  ${printable(`${address}${path === '' ? '' : ` ${path}`}: ${why}. ${wayOf(address)}`)}\n`);
}
