import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../clients/http.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { createProgress, inStage } from '../operate/progress.ts';
import { callRuntime } from '../operate/supervisor/call-runtime.ts';
import { requireWholeDatabases } from '../operate/supervisor/databases.ts';
import { addressOf, readPlan } from '../operate/supervisor/process-plan.ts';
import { requireRunning } from '../operate/supervisor/supervisor.ts';
import type { Workspace } from '../operate/workspace.ts';
import { liveChampions, recordChampions } from '../release/champions.ts';
import { liveContext } from '../release/context.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { environmentOption, reportingFailures, runningOf, unknownThing } from './operating.ts';

/** An API asks for its champion every five seconds, and loads it. */
const WAIT_SECONDS = 120;

interface Promoted {
  model: string;
  version: string;
  before: string | null;
  changed: boolean;
  forced: boolean;
}

interface History {
  model: string;
  champion: string | null;
  versions: {
    version: string;
    created: string;
    refused: string | null;
    gate: string;
    promoted: Record<string, string>;
  }[];
}

export const command: Command = {
  options: {
    env: environmentOption,
    back: { type: 'boolean', default: false, help: 'the version that was champion before, in place of VERSION' },
    force: { type: 'boolean', default: false, help: 'although the gate does not answer for the version' },
    reason: { type: 'string', value: 'TEXT', help: 'why; recorded with the version, and needed with --force' },
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const workspace = runningOf(context, options);
      const model = knownModel(workspace, positionals[0] ?? '');
      const words = asked(positionals[1], options);
      await requireRunning(workspace); // another checkout's MLflow may answer at the same address
      await requireWholeDatabases(workspace, readPlan(workspace).databases);
      const call = () =>
        callRuntime(workspace, ['promote', model, ...words], {
          what: words.length > 0 ? `The promotion of ${model}` : `The history of ${model}`,
          log: 'promote',
        });
      if (words.length === 0) return showHistory((await call()) as unknown as History, options, context);
      const isText = options['format'] === 'text';
      const progress = createProgress(isText ? context : { ...context, isTerminal: false, out: () => {} });
      const promoted = (await inStage(progress, `Promoting ${model}`, call)) as unknown as Promoted;
      const isServed = await inStage(
        progress,
        'Its API',
        (note) => untilServed(workspace, promoted, note),
        (served) => (served ? `serves version ${promoted.version}` : 'none'),
      );
      await recordNow(workspace);
      if (isText) context.out(sentence(promoted, isServed));
      else context.out(`${JSON.stringify({ ...promoted, served: isServed })}\n`);
      return 0;
    }),
};

function knownModel(workspace: Workspace, name: string): string {
  const known = liveContext(workspace, () => {})
    .list('common/mlflow')
    .flatMap((path) => /^common\/mlflow\/(\w+)\.json$/.exec(path)?.[1] ?? []);
  if (known.includes(name)) return name;
  throw unknownThing(workspace, { kind: 'model', name, known });
}

/** What the runtime is asked; nothing for the history. */
function asked(version: string | undefined, options: Arguments['options']): string[] {
  const { back, force, reason } = options;
  const why = typeof reason === 'string' ? reason.trim() : '';
  if (version !== undefined && !/^[1-9]\d{0,9}$/.test(version))
    throw new UsageError(
      `'${printable(version)}' is no version; they are numbers, and \`mlops promote MODEL\` lists them`,
    );
  if (version !== undefined && back) throw new UsageError('--back stands in place of VERSION: leave one of them out');
  if (force && why === '') throw new UsageError('--force needs --reason "…", which is recorded');
  if (why.length > 500) throw new UsageError('--reason has at most 500 characters');
  if (version === undefined && !back) {
    if (force || why !== '') throw new UsageError('promote needs a VERSION, or --back');
    return [];
  }
  // In one word each: a reason may begin with a hyphen.
  const said = [`--by=${userInfo().username}`, `--reason=${printable(why)}`];
  return [...(version === undefined ? ['--back'] : [version]), ...(force ? ['--force'] : []), ...said];
}

/** Whether it has an API. Fails where that does not come to serve the version. */
async function untilServed(
  workspace: Workspace,
  { model, version }: Promoted,
  note: (text: string) => void,
): Promise<boolean> {
  const address = addressOf(workspace, `serving-${model}`);
  if (address === null) return false;
  let problem = 'it does not answer';
  for (const end = Date.now() + WAIT_SECONDS * 1000; Date.now() < end; await sleep(500)) {
    try {
      const served = await ask<{ model_version: string | null; problem: string | null }>(
        `The API of ${model}`,
        `${address}/v1/models/${model}`,
        { timeout: 10 },
      );
      if (served.model_version === version) return true;
      problem = served.problem ?? `it serves version ${served.model_version}`;
      // It has tried this version, and what it lacks it will lack.
      if (problem.startsWith(`version ${version} `)) break;
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      problem = error.message;
    }
    note(printable(problem));
  }
  throw new OperationError(
    `Version ${version} is champion of ${model}, but the API does not serve it: ${printable(problem)}.\n` +
      '  Where it runs what was compiled before, ' +
      `\`mlops deploy --env ${workspace.environment}\` brings it up to date; ` +
      `\`mlops promote ${model} --back\` takes the promotion back.`,
    1,
  );
}

/** What `validate` holds the specs against. */
async function recordNow(workspace: Workspace): Promise<void> {
  const champions = await liveChampions(liveContext(workspace, () => {}));
  if (champions !== null) recordChampions(workspace, champions);
}

function sentence({ model, version, before, changed, forced }: Promoted, isServed: boolean): string {
  const served = isServed ? ', and its API serves it' : '';
  if (!changed) return `Version ${version} is champion of ${model} already${served}; nothing was changed.\n`;
  const after = before === null ? '' : ` after version ${before}`;
  const waived = forced ? ' The gate does not answer for it; the reason is recorded.' : '';
  return `Version ${version} is champion of ${model}${after}${served}.${waived}\n`;
}

function showHistory(history: History, options: Arguments['options'], context: Context): number {
  if (options['format'] === 'json') {
    context.out(`${JSON.stringify(history, null, 2)}\n`);
    return 0;
  }
  if (history.versions.length === 0) context.out(`${history.model} has no version yet; run its training.\n`);
  for (const { version, created, refused, promoted } of history.versions) {
    const role = version === history.champion ? 'champion' : '';
    const by = promoted['by'] ? `by ${promoted['by']}` : '';
    const when = promoted['at'] ? `promoted ${promoted['at']} ${by}`.trimEnd() : `made ${created}`;
    const forced = promoted['forced'] === 'true' ? 'FORCED' : '';
    const why = promoted['reason'] ? `“${promoted['reason']}”` : '';
    const mark = refused === null ? 'gate passed' : refused;
    const cells = [version.padStart(4), role.padEnd(8), when, mark, forced, why];
    context.out(`${printable(cells.filter(Boolean).join('  '))}\n`);
  }
  return 0;
}
