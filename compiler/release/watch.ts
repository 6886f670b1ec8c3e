/** After a deploy: whether an alert begins that was not there before. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../diagnostics/operation-error.ts';
import type { Live, LiveSide } from '../tools/live.ts';

/** Milliseconds between two looks. */
const LOOK = 2000;

/** Those that fire now, as people know them; of tools that have none, or do not answer, none. */
export async function firing(sides: readonly LiveSide[], live: Live): Promise<Set<string>> {
  const asked = sides.filter((side) => side.alerts && side.isIn(live)).map((side) => side.alerts?.(live) ?? []);
  const answers = await Promise.all(
    asked.map(async (alerts) => {
      try {
        return await alerts;
      } catch (problem) {
        if (problem instanceof OperationError) return []; // before a deploy it may not run
        throw problem;
      }
    }),
  );
  return new Set(answers.flat());
}

/** Fails at the first alert that begins within so many seconds. */
export async function watchAlerts(
  sides: readonly LiveSide[],
  live: Live,
  { before, seconds }: { before: ReadonlySet<string>; seconds: number },
): Promise<string> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(Math.min(LOOK, Math.max(0, end - Date.now())))) {
    const begun = [...(await firing(sides, live))].filter((each) => !before.has(each)).sort();
    if (begun.length > 0)
      throw new OperationError(
        `After the deploy ${begun.length === 1 ? 'an alert' : 'alerts'} began: ${begun.join(', ')}.`,
        1,
      );
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) return `none began in ${seconds} s`;
    live.note(`${left} s left`);
  }
}
