/** How long it is worth waiting for Airflow, by what becomes of its processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Airflow } from '../../clients/airflow.ts';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { isAlive } from '../machine/process-table.ts';
import { healthOf } from '../supervisor/health.ts';
import { liveSupervisor, readRecord, type UnitRecord } from '../supervisor/run-state.ts';
import { lockHolder } from '../supervisor/start-lock.ts';
import type { Workspace } from '../workspace.ts';

export interface Waiting {
  /** So often in a row a question may fail. */
  failures: number;
  /** Between two of them, in milliseconds. */
  pause: number;
  /** Within which an answer must be there, in seconds. */
  timeout: number;
}

/** A restart takes half a minute, and five are tried; on two cores that train, an answer takes its time. */
export const usualWaiting: Waiting = { failures: 300, pause: 1000, timeout: 30 };

/** What a run needs to get on. */
const NEEDED = ['airflow-api-server', 'airflow-scheduler'];

/** Outlasts restarts of the API server, and says so; ends where nobody will start it again. */
export function outlasting(
  airflow: Airflow,
  workspace: Workspace,
  note: (text: string) => void,
  waiting = usualWaiting,
): Airflow {
  return airflow.with(waiting.timeout, async (problem, failures) => {
    const hopeless = await standstill(workspace);
    if (hopeless !== null) throw new OperationError(`${problem.message}\n  ${hopeless}`);
    if (failures >= waiting.failures)
      throw new OperationError(
        `${problem.message}\n  It was asked ${failures} times in a row. The run goes on without us, if it can: ` +
          'once Airflow answers, its page shows what became of it.',
      );
    note(`waiting for Airflow: ${problem.message.split('\n')[0]}`);
    await sleep(waiting.pause);
  });
}

/** Why no run gets on and none will, or null: a process that it needs has gone, and nobody starts it again. */
export async function standstill(workspace: Workspace): Promise<string | null> {
  const { environment } = workspace;
  if (lockHolder(workspace)) return null; // somebody is starting them
  const isSupervised = liveSupervisor(workspace) !== null;
  const units = (readRecord(workspace)?.units ?? []).filter(({ name }) => NEEDED.includes(name));
  const remedy = `The run stays as it is until \`mlops up --env ${environment}\`, and then goes on.`;
  const given = units.find(({ state }) => state === 'failed');
  if (given)
    return `${given.name} has failed (${given.exit}) and is not started again. ${remedy} Its log: ${given.log}`;
  if (isSupervised) return null;
  const lost = units.filter(({ process: id }) => !id || !isAlive(id)).map(({ name }) => name);
  if (units.length === 0 || lost.length > 0)
    return `${lost.join(' and ') || 'Airflow'} has gone, and so has the supervisor that restarts it. ${remedy}`;
  const stalled = (await Promise.all(units.map(isStalled))).findIndex(Boolean);
  return stalled < 0 ? null : `${units[stalled]?.name} has no heartbeat, and no supervisor restarts it. ${remedy}`;
}

/** Of which Airflow itself says that it does not do its work. */
const isStalled = async ({ health }: UnitRecord): Promise<boolean> =>
  health?.includes('#') === true && (await healthOf(health)) === 'denied';
