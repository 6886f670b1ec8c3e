/** Brings one environment up: everything that processes.json lists, in its order, healthy at the end. */
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { moduleArguments } from '../../product/product.ts';
import { openLog } from '../machine/log-file.ts';
import { checkPorts } from '../machine/ports.ts';
import { identify, isAlive, type ProcessId, UNIT_MARKER } from '../machine/process-table.ts';
import { quoteLog } from '../machine/run-tool.ts';
import { requirePrograms } from '../machine/server-programs.ts';
import { toolEnvironment } from '../machine/tool-environment.ts';
import type { Progress } from '../progress.ts';
import type { Workspace } from '../workspace.ts';
import { healthySurvivors } from './adopt.ts';
import { digestsOf, given, handOver, secretsOfUser } from './given-secrets.ts';
import { runningUnits, untilRecorded } from './ours.ts';
import { readPlan } from './process-plan.ts';
import {
  liveSupervisor,
  readRecord,
  SUPERVISOR,
  type SupervisorRecord,
  supervisorRecord,
  type UnitRecord,
} from './run-state.ts';
import { madeSecrets, secretsInFiles } from './secret-places.ts';
import { endSupervisor, stopPlatform } from './stop.ts';
import { planDigest, resolveUnits } from './units.ts';

const START_TIMEOUT = 240_000;

/** Not yet while the process that it follows still answers what that has accepted. */
const isUp = ({ state, before }: UnitRecord) => (state === 'healthy' && before === undefined) || state === 'done';

const isOnTrial = ({ state }: UnitRecord) => state === 'canary';

/** How each next process was tried that has taken over in the last start or reload. */
export const sayTried = (workspace: Workspace): string[] =>
  (liveSupervisor(workspace)?.units ?? []).flatMap(({ name, canary }) =>
    canary === undefined ? [] : [`${name} was tried on ${canary}.`],
  );

/** True when just what is compiled now is running already, all of it healthy. */
export function isRunning(workspace: Workspace): boolean {
  const live = liveSupervisor(workspace);
  const isCurrent = live?.digest === planDigest(workspace) && changedSecrets(workspace).length === 0;
  return isCurrent && live.units.every(isUp);
}

/**
 * Starts what the plan lists. What runs already, as planned and healthy, goes on under a new supervisor; all else of
 * an earlier run is ended first. If anything fails and nothing ran before, all is stopped again. With `owned`, the
 * platform also stops when this process has gone, however it went.
 */
export async function startProcesses(workspace: Workspace, progress: Progress, owned: boolean): Promise<void> {
  const plan = readPlan(workspace);
  requirePrograms(Object.values(plan.programs));
  const units = resolveUnits(workspace, plan, secretsOfUser(workspace)); // fails before anything is ended
  await untilRecorded(workspace);
  endSupervisor(workspace); // or it would start again what is ended here
  const before = await healthySurvivors(workspace, units);
  const goesOn = (unit: string) => before.has(unit);
  const isOfIt = (unit: string, digest: string | null) => digest === null || before.get(unit)?.digest === digest;
  await stopPlatform(workspace, (unit, digest) => goesOn(unit) && isOfIt(unit, digest));
  await checkPorts(
    plan.processes.filter(({ name }) => !goesOn(name)),
    workspace.environment,
  );
  const stage = progress.stage('Starting the processes');
  try {
    await followStart(workspace, startSupervisor(workspace, owned), stage.note);
  } catch (error) {
    progress.fail();
    if (before.size === 0) await stopPlatform(workspace);
    throw error;
  }
  const kept = units.filter(
    ({ name, kind, digest }) => kind === 'process' && before.get(name)?.digest === digest,
  ).length;
  stage.done(`${plan.processes.length} healthy${kept > 0 ? `, ${kept} of which ran already` : ''}`);
}

/** Whether processes run that no supervisor looks after. */
export const isAbandoned = (workspace: Workspace): boolean =>
  liveSupervisor(workspace) === null && runningUnits(workspace).size > 0;

export async function requireRunning(workspace: Workspace): Promise<SupervisorRecord> {
  await untilRecorded(workspace);
  const live = liveSupervisor(workspace);
  if (live) return live;
  if (isAbandoned(workspace))
    throw new OperationError(
      `The supervisor of '${workspace.environment}' has gone, or its record ` +
        `(${supervisorRecord(workspace).path}) is damaged; ` +
        `\`mlops up --env ${workspace.environment}\` watches again over what is healthy, and starts the rest.`,
    );
  throw new OperationError(
    `Nothing of '${workspace.environment}' is running; ` +
      `\`mlops up --env ${workspace.environment}\` starts it, and deploys.`,
  );
}

/**
 * Those that have another value here than what runs was started with, or was told of last: of the user's, those that a
 * process takes; of those in files, and of the platform's own, all. What is not set here stays as it is.
 */
export function changedSecrets(workspace: Workspace): string[] {
  const { secrets: running, made: used = {} } = liveSupervisor(workspace) ?? {};
  if (running === undefined) return [];
  const taken = new Set(readPlan(workspace).processes.flatMap(({ takes }) => takes ?? []));
  const here = digestsOf(workspace, {
    ...secretsInFiles(workspace),
    ...given([...taken], secretsOfUser(workspace)),
  });
  const made = digestsOf(workspace, madeSecrets(workspace));
  return [
    ...Object.keys(here).filter((name) => here[name] !== running[name]),
    // One that is new is in what is planned, too.
    ...Object.keys(made).filter((name) => used[name] !== undefined && made[name] !== used[name]),
  ].sort();
}

/**
 * Has the running supervisor take over what is compiled now: what differs is ended and started, the rest goes on.
 * Returns how many processes were started. Fails where nothing runs, or where not all become healthy.
 */
export async function reloadProcesses(workspace: Workspace, note: (text: string) => void): Promise<number> {
  const before = await requireRunning(workspace);
  const plan = readPlan(workspace);
  requirePrograms(Object.values(plan.programs));
  const wanted = planDigest(workspace);
  const secrets = changedSecrets(workspace);
  if (before.digest === wanted && secrets.length === 0 && before.units.every(isUp)) return 0;
  if (secrets.length > 0) handOver(workspace);
  // Where a next process failed, the one that stays was there all the time.
  const old = new Map(before.units.map((unit) => [unit.name, (unit.before ?? unit).process?.pid]));
  process.kill(before.supervisor.pid, 'SIGHUP');
  await followStart(workspace, before.supervisor, note, (record) => {
    if (record.refused?.digest === wanted)
      throw new OperationError(
        `The supervisor cannot use what was compiled: ${record.refused.reason}\n  What runs goes on as it was. ` +
          'If the compiler itself is newer than what was started, `mlops down` and `mlops up` start everything again.',
        1,
      );
    return record.digest === wanted && changedSecrets(workspace).length === 0;
  });
  const now = liveSupervisor(workspace)?.units ?? [];
  return now.filter(({ name, kind, process: id }) => kind === 'process' && old.get(name) !== id?.pid).length;
}

/** A session of its own: it lives on when the terminal is closed, and Ctrl-C does not reach it. */
function startSupervisor(workspace: Workspace, owned: boolean): ProcessId | null {
  const log = openLog(supervisorLog(workspace), 'w');
  const self = owned ? identify(process.pid) : null;
  const owner = self ? [String(self.pid), self.started] : [];
  const command = [
    ...moduleArguments('operate/supervisor/daemon'),
    workspace.checkout,
    workspace.environment,
    ...owner,
  ];
  const own = { [UNIT_MARKER]: SUPERVISOR, ...ofTheUser(), ...secretsOfUser(workspace) };
  const env = toolEnvironment(workspace, workspace.python, own);
  const child = spawn(process.execPath, command, {
    env,
    cwd: workspace.state,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  return child.pid === undefined ? null : identify(child.pid);
}

const supervisorLog = (workspace: Workspace) => join(workspace.logs, 'supervisor.log');

/** Where servers' jars are; for tests, how soon the supervisor tries again and how often it asks. */
function ofTheUser(): Record<string, string> {
  const names = [
    'MLOPS_HOME',
    'MLOPS_TOOLS',
    'MLOPS_RESTART_BACKOFF_MS',
    'MLOPS_HEALTH_INTERVAL_MS',
    'MLOPS_ROLLING_MS',
  ];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

async function followStart(
  workspace: Workspace,
  supervisor: ProcessId | null,
  note: (text: string) => void,
  isCurrent: (record: SupervisorRecord) => boolean = () => true,
): Promise<void> {
  let begun = Date.now();
  for (;;) {
    const record = readRecord(workspace);
    const units = record && record.supervisor.pid === supervisor?.pid && isCurrent(record) ? record.units : [];
    const failed = units.find(({ state }) => state === 'failed');
    if (failed) throw new OperationError(describeFailure(failed), 1);
    if (units.length > 0 && units.every(isUp)) return;
    if (!supervisor || !isAlive(supervisor))
      throw new OperationError(
        `The supervisor ended while it started the processes; was it stopped?\n${quoteLog(supervisorLog(workspace))}`,
        1,
      );
    if (units.some(isOnTrial)) begun = Date.now(); // which takes as long as it is to
    if (Date.now() - begun > START_TIMEOUT) throw new OperationError(describeTimeout(units), 1);
    note(describeStart(units));
    await sleep(150);
  }
}

function describeFailure({ name, kind, exit, log, canary }: UnitRecord): string {
  const ended = `${name} ended while it was ${canary === undefined ? 'starting' : 'a canary'}`;
  const what = kind === 'step' ? `The setup step ${name} failed` : ended;
  return `${what} (${exit}).\n${quoteLog(log)}`;
}

function describeTimeout(units: UnitRecord[]): string {
  const slow = units.filter(({ state }) => state === 'starting' || state === 'running');
  const lines = slow.map(
    ({ name, health, log }) => `${name} does not answer${health ? ` at ${health}` : ''}.\n${quoteLog(log)}`,
  );
  return [`Not everything was healthy after ${START_TIMEOUT / 1000} seconds.`, ...lines].join('\n');
}

function describeStart(units: UnitRecord[]): string {
  const busy = units.filter(({ state }) => state === 'starting' || state === 'running').map(({ name }) => name);
  const tried = units.filter(isOnTrial).map(({ name, canary }) => `${name}, which has ${canary}`);
  busy.push(...tried);
  const awaited = busy.length > 0 ? `; waiting for ${busy.join(', ')}` : '';
  return `${units.filter(isUp).length} of ${units.length} ready${awaited}`;
}
