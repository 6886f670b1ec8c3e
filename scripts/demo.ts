/**
 * `npm run demo`: one real use case, from the specs to a served model, with the proof of each step. Everything that it
 * starts is stopped at the end, unless `--keep`.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { minimist } from 'zx';
import { formatBytes } from '../compiler/diagnostics/bytes.ts';
import { OperationError } from '../compiler/diagnostics/operation-error.ts';
import { stopOnInterrupt } from '../compiler/operate/interrupt.ts';
import { airflowOf } from '../compiler/operate/pipelines/airflow.ts';
import { createProgress, inStage, type Progress, seconds } from '../compiler/operate/progress.ts';
import { logInsOf } from '../compiler/operate/supervisor/log-ins.ts';
import { readPlan } from '../compiler/operate/supervisor/process-plan.ts';
import { liveSupervisor } from '../compiler/operate/supervisor/run-state.ts';
import { stopPlatform } from '../compiler/operate/supervisor/stop.ts';
import { openWorkspace, type Workspace } from '../compiler/operate/workspace.ts';
import { startAndDeploy } from '../compiler/release/deploy.ts';
import { compile } from './demo/compile.ts';
import { scheduledPipelines, startPipeline } from './demo/data-run.ts';
import { followModel, modelsOf } from './demo/follow-model.ts';
import { interactions, type Story } from './demo/interactions.ts';
import { watchMemory } from './demo/memory-watch.ts';
import { type EndedRun, followToEnd } from './demo/model-run.ts';
import { writtenPipelines } from './demo/pipeline-contracts.ts';
import { preflight } from './demo/preflight.ts';
import { followPushes } from './demo/pushes.ts';
import { printInteractions } from './demo/report.ts';

const usage = `Usage: npm run demo [-- --keep] [-- --fresh] [-- --env staging]

  --keep         leave the platform running at the end
  --fresh        delete the state of earlier runs first: data, models, metadata
  --env staging  all fourteen interactions on real servers, which are installed (as root, half an hour), in a fresh
                 clone of the last commit
`;

/** What shows the interactions that need servers, and the pushes: chapters of `npm run test:servers`. */
const ON_SERVERS = ['stream', 'metrics', 'logs', 'pushes'];

const options = minimist(process.argv.slice(2), { boolean: ['keep', 'fresh', 'help'], string: ['env'] });
const workspace = openWorkspace(join(import.meta.dirname, '..'), 'local');
const isTerminal = process.stdout.isTTY === true;
const progress = createProgress({
  isTerminal,
  color: isTerminal && !process.env['NO_COLOR'],
  out: (text) => void process.stdout.write(text),
});

if (options['help']) process.stdout.write(usage);
else if (options['env'] === 'staging') process.exitCode = onServers();
else if (![undefined, 'local'].includes(options['env'])) {
  process.stderr.write(`The demo is played on 'local' or 'staging', and not on '${options['env']}'.\n${usage}`);
  process.exitCode = 2;
} else process.exitCode = await stopOnInterrupt(workspace, progress, demo);

/** Ctrl-C reaches both. */
function onServers(): number {
  const words = [...ON_SERVERS, ...(options['keep'] ? ['--keep'] : [])];
  const program = join(import.meta.dirname, 'test-servers.ts');
  const loader = import.meta.resolve('tsx');
  return spawnSync(process.execPath, ['--import', loader, program, ...words], { stdio: 'inherit' }).status ?? 1;
}

async function demo(): Promise<number> {
  const begun = Date.now();
  try {
    preflight(workspace);
    await inStage(
      progress,
      'Compiling the specs',
      () => compile(workspace.root),
      (summary) => summary,
    );
    if (options['fresh']) await inStage(progress, 'Deleting the state', deleteState);
    const memory = watchMemory(workspace);
    const story = await tell(progress, workspace);
    const rows = interactions(story);
    printInteractions(progress, rows);
    progress.line(
      `\n${seconds(Date.now() - begun)}; at most ${formatBytes(memory.peak())} of memory (proportional set ` +
        'size of all processes together).',
    );
    const failed = rows.filter(({ state }) => state === 'failed').map(({ number }) => number);
    if (failed.length === 0) return 0;
    progress.line(
      progress.colors.red(
        `Nothing proves that ${failed.length === 1 ? 'interaction' : 'interactions'} ${failed.join(', ')} happened.`,
      ),
    );
    return 1;
  } catch (problem) {
    progress.fail();
    if ((problem as NodeJS.ErrnoException).code === 'ENOSPC')
      return fail(new OperationError('The disk is full. Free some space and try again.'));
    if (!(problem instanceof OperationError)) throw problem;
    return fail(problem);
  } finally {
    await end();
  }
}

function fail({ message, exit }: OperationError): number {
  progress.line(`\n${progress.colors.red(message)}`);
  return exit;
}

async function tell(progress: Progress, workspace: Workspace): Promise<Story> {
  await startAndDeploy(workspace, progress, { owned: !options['keep'] });
  const airflow = airflowOf(workspace);
  const models = modelsOf(workspace);
  const scheduled = await scheduledPipelines(airflow, writtenPipelines(workspace));
  const started = await Promise.all(scheduled.map((dag) => startPipeline(airflow, dag)));
  const data: EndedRun[] = [];
  for (const run of started)
    data.push(
      await inStage(progress, `Data pipeline ${run.dag_id}`, (note) => followToEnd(airflow, workspace, run, note)),
    );
  if (data.length === 0)
    throw new OperationError('There is no scheduled pipeline, so there is nothing to begin with.', 1);
  const stories = [];
  for (const model of models) stories.push(await followModel({ airflow, workspace, progress }, model, data));
  const [pipeline] = scheduled;
  const [first] = models;
  if (pipeline === undefined || first === undefined) return { data, models: stories };
  const pushes = await followPushes({ airflow, workspace, progress }, pipeline.dag_id, first.model);
  return { data, models: stories, pushes };
}

async function deleteState(): Promise<void> {
  await stopPlatform(workspace);
  rmSync(workspace.state, { recursive: true, force: true });
}

async function end(): Promise<void> {
  if (!options['keep']) {
    const count = await stopPlatform(workspace);
    if (count > 0)
      progress.line(
        `Everything is stopped (${count} processes); the state is kept in .mlops/. With --keep it goes on running.`,
      );
    return;
  }
  if (!liveSupervisor(workspace)) return;
  progress.line('\nIt goes on running; `npm run down` stops it.');
  for (const { name, address } of readPlan(workspace).processes)
    if (address) progress.line(`  ${name.padEnd(28)} ${address}`);
  for (const line of logInsOf(workspace)) progress.line(line);
}
