import { listed, onField, time } from '../../../tools/change-rule.ts';
import { viewsOf } from '../../questions/consumers.ts';
import { longest } from '../../questions/schedules.ts';

export const rule = onField(
  'pipeline',
  'schedule',
  {
    code: 'PLN223',
    class: 'breaking',
    title: 'a schedule becomes slower than what its consumers accept',
    why:
      'Between two runs the newest row of a view gets older than its freshness or its TTL: features' +
      ' are stale, or missing, by design.',
    whatToDo: 'Keep the schedule, or agree on another freshness with the owners of the models',
  },
  ({ name, before, after, head }) => {
    const interval = longest(after.schedule);
    if (interval === null || interval <= (longest(before.schedule) ?? 0)) return null;
    const late = after.steps
      .flatMap(({ writes }) => writes)
      .flatMap((table) => viewsOf(table, head))
      .filter(({ freshnessSeconds, ttlSeconds }) => interval > Math.min(freshnessSeconds ?? ttlSeconds, ttlSeconds));
    if (late.length === 0) return null;
    return `${name} runs every ${time(interval)}, and ${listed(late.map((view) => view.name))} must be newer than that`;
  },
);
