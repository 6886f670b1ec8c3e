/** What one task of a run has printed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LogEvent } from '../../clients/airflow.ts';
import type { Workspace } from '../workspace.ts';

/** What the step printed; where it printed nothing (it was killed, it timed out), what Airflow says of it. */
export function ownWords(events: LogEvent[]): LogEvent[] {
  const begin = events.findIndex(({ event }) => event === 'Output:');
  const end = events.findIndex(({ event }) => event.startsWith('Command exited with return code'));
  const printed = events
    .slice(begin + 1, end < 0 ? undefined : end)
    .filter(({ logger }) => logger?.endsWith('SubprocessHook'));
  return begin >= 0 && printed.length > 0
    ? printed
    : events.filter(({ level }) => level === 'error' || level === 'critical');
}

/** The file that Airflow keeps of one try, or its folder. */
export function logFile({ state }: Workspace, pipeline: string, run: string, task: string, attempt: number): string {
  const folder = join(state, 'airflow', 'logs', `dag_id=${pipeline}`, `run_id=${run}`, `task_id=${task}`);
  const file = join(folder, `attempt=${attempt}.log`);
  return existsSync(file) ? file : folder;
}
