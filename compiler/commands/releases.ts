import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { runsInContainers } from '../operate/containers/contract.ts';
import { currentRelease, knownReleases } from '../operate/releases.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Attempt, attempts } from '../release/ledger.ts';
import { manifestOf, type Partial } from '../release/make.ts';
import { KEPT } from '../release/retire.ts';
import { type Command, type Context, UsageError } from './command.ts';
import { repositoryOption } from './on-github.ts';
import { environmentOption, releasedTo, reportingFailures } from './operating.ts';
import { publishReleases } from './releases-publish.ts';
import { count } from './report.ts';

const NEWEST = 20;
const NAMED = 20;

export const command: Command = {
  options: {
    env: environmentOption,
    repository: repositoryOption,
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
  },
  run: ({ positionals: [verb, id], options }, context) =>
    reportingFailures(context, async () => {
      const workspace = releasedTo(context, options);
      const isText = options['format'] === 'text';
      if (verb === undefined) return isText ? list(workspace, context) : print(context, overview(workspace));
      if (verb === 'publish' && id === undefined) return publishReleases(workspace, options, context);
      if (verb !== 'show' || id === undefined)
        throw new UsageError('it is `mlops releases`, `mlops releases show ID`, or `mlops releases publish`');
      const found = explained(workspace, id);
      return isText ? show(found, context) : print(context, found);
    }),
};

function print(context: Context, value: unknown): number {
  context.out(`${JSON.stringify(value, null, 2)}\n`);
  return 0;
}

const overview = (workspace: Workspace) => ({
  environment: workspace.environment,
  current: currentRelease(workspace),
  kept: knownReleases(workspace),
  attempts: attempts(workspace),
});

function list(workspace: Workspace, context: Context): number {
  const { environment, current, kept, attempts: all } = overview(workspace);
  if (all.length === 0) context.out(`Nothing was released to '${environment}' yet; \`mlops deploy\` does.\n`);
  for (const attempt of all.slice(-NEWEST).reverse()) {
    const { to, action, at, by, commit } = attempt;
    const role = to === current ? 'current' : kept.includes(to) ? '' : 'gone';
    const made = commit === null ? '' : `${commit.id.slice(0, 8)}${commit.dirty ? '+' : ''}`;
    const cells = [
      to,
      role.padEnd(7),
      at.slice(0, 16).replace('T', ' '),
      action.padEnd(8),
      outcomeOf(attempt).padEnd(9),
    ];
    context.out(`${printable([...cells, made.padEnd(9), by].join('  ')).trimEnd()}\n`);
  }
  if (all.length > 0)
    context.out(
      runsInContainers(workspace)
        ? `All releases are kept, as a container may have any of them mounted; ${kept.length} are there.\n`
        : `The last ${KEPT} releases are kept, and those that something still runs on; ${kept.length} are there.\n`,
    );
  if (all.length > NEWEST) context.out(`and ${all.length - NEWEST} before; --format json has them all.\n`);
  return 0;
}

const outcomeOf = ({ ended }: Attempt): string => ended?.outcome ?? 'cut short';

/** Rounded up: what was quick took a second. */
const lasted = ({ at, ended }: Attempt): string =>
  ended === null ? '' : ` after ${Math.max(1, Math.ceil((Date.parse(ended.at) - Date.parse(at)) / 1000))} s`;

/** What it is, how it differs from the current one, and what became of it. */
function explained(workspace: Workspace, wanted: string) {
  const kept = knownReleases(workspace);
  const found = kept.filter((each) => each.startsWith(wanted));
  const [id] = found;
  const manifest = found.length === 1 && id !== undefined ? manifestOf(workspace, id) : null;
  if (manifest === null) {
    const near = nearest(wanted, kept);
    const hint = near ? `did you mean '${near}'?` : `it keeps ${kept.join(', ') || 'none'}`;
    throw new OperationError(
      `'${workspace.environment}' keeps no release '${printable(wanted.slice(0, 40))}'; ${hint}`,
    );
  }
  const current = currentRelease(workspace);
  const now = current === null ? {} : (manifestOf(workspace, current)?.files ?? {});
  const paths = [...new Set([...Object.keys(now), ...Object.keys(manifest.files)])].sort();
  return {
    ...manifest,
    current: manifest.id === current,
    differs: paths.filter((path) => now[path] !== manifest.files[path]),
    attempts: attempts(workspace).filter(({ to }) => to === manifest.id),
  };
}

/** What somebody wrote; what is generated follows from it. */
function differing(paths: readonly string[]): string[] {
  const [written, generated] = [false, true].map((is) => paths.filter((each) => each.startsWith('generated/') === is));
  const shown = written ?? [];
  const made = generated?.length ?? 0;
  if (paths.length === 0) return ['It holds the same files as the current one.'];
  return [
    `It differs from the current one in ${count(paths.length, 'file')}:`,
    ...shown.slice(0, NAMED).map((path) => `  ${path}`),
    ...(shown.length > NAMED ? [`  and ${shown.length - NAMED} more; --format json has them all`] : []),
    ...(made > 0 ? [`  and ${count(made, 'file')} of generated/`] : []),
  ];
}

function partialLines(partial: Partial | undefined): string[] {
  if (partial === undefined) return [];
  const { of, only, along, commit } = partial;
  const made = commit === null ? 'no commit' : `commit ${commit.id}${commit.dirty ? ', with changes' : ''}`;
  return [
    `It is release ${of} with a part of ${made}:`,
    `  ${only.join(', ')}`,
    ...(along.length === 0 ? [] : [`  and what it needs: ${along.join(', ')}`]),
  ];
}

function show(found: ReturnType<typeof explained>, context: Context): number {
  const { id, current, commit, compiler, files, differs } = found;
  const made = commit === null ? 'no commit' : `commit ${commit.id}${commit.dirty ? ', with changes' : ''}`;
  const lines = [
    `Release ${id}${current ? ', which is current' : ''}: ${Object.keys(files).length} files of ${made}.`,
    `Made by mlops ${compiler}.`,
    ...partialLines(found.partial),
    ...(current ? [] : ['', ...differing(differs)]),
  ];
  for (const attempt of found.attempts) {
    const { at, action, by, backup, champions, ended } = attempt;
    const moment = `${at.slice(0, 16).replace('T', ' ')} UTC`;
    lines.push('', `${moment}  ${action} by ${by}: ${outcomeOf(attempt)}${lasted(attempt)}`);
    if (attempt.plan) lines.push(`  by the plan    ${attempt.plan}`);
    if (backup) lines.push(`  backed up      ${backup.id} in ${backup.folder}${backup.encrypted ? ', encrypted' : ''}`);
    for (const [tool, done] of Object.entries(ended?.results ?? {})) lines.push(`  ${tool.padEnd(14)} ${done}`);
    for (const [address, held] of Object.entries(attempt.dropped)) lines.push(`  dropped        ${address}: ${held}`);
    if (ended?.problem) lines.push(`  ${ended.problem.split('\n')[0]}`);
    const served = Object.entries(champions ?? {}).map(([model, version]) => `${model} ${version}`);
    if (served.length > 0) lines.push(`  served before  ${served.join(', ')}`);
  }
  context.out(`${lines.map(printable).join('\n')}\n`);
  return 0;
}
