import { isAlive } from './machine/process-table.ts';
import type { Progress } from './progress.ts';
import { untilRecorded } from './supervisor/ours.ts';
import { liveSupervisor, readRecord } from './supervisor/run-state.ts';
import { stopPlatform } from './supervisor/stop.ts';
import type { Workspace } from './workspace.ts';

const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Runs `work`; when the user interrupts it, everything that it has started is stopped, and the process exits with the
 * status that shells expect. What ran before goes on.
 * More signals while it stops change nothing: npm passes the terminal's Ctrl-C on once more.
 */
export async function stopOnInterrupt<T>(workspace: Workspace, progress: Progress, work: () => Promise<T>): Promise<T> {
  await untilRecorded(workspace);
  const before = liveSupervisor(workspace)?.supervisor;
  const ran = readRecord(workspace)?.units ?? [];
  let isStopping = false;
  const onSignal = async (name: keyof typeof numbers) => {
    if (isStopping) return;
    isStopping = true;
    const now = liveSupervisor(workspace)?.supervisor;
    if (before && now?.pid === before.pid && now.started === before.started) {
      progress.interrupted('Interrupted. What ran before goes on.');
      process.exit(128 + numbers[name]);
    }
    const left = new Set(ran.filter(({ process: id }) => id && isAlive(id)).map(({ name }) => name));
    progress.interrupted(`Interrupted. Stopping ${left.size > 0 ? 'what was started' : 'everything'} …`);
    await stopPlatform(workspace, (unit) => left.has(unit));
    progress.interrupted(
      left.size > 0
        ? `Stopped. What ran before goes on, without a supervisor: ${[...left].join(', ')}.`
        : 'Stopped; no process is left.',
    );
    process.exit(128 + numbers[name]);
  };
  const names = Object.keys(numbers) as (keyof typeof numbers)[];
  for (const name of names) process.on(name, onSignal);
  try {
    const result = await work();
    return isStopping ? await untilExit() : result;
  } catch (error) {
    // What fails because everything is being stopped is no news.
    if (isStopping) return await untilExit();
    throw error;
  } finally {
    for (const name of names) process.off(name, onSignal);
  }
}

const untilExit = () => new Promise<never>(() => {});
