import type { Asset, Pipeline, Schedule } from '../../ir/types.ts';
import { call, conjunction, type Expression, literal } from '../../render/python-expression.ts';

export function assetExpression({ name, uri }: Asset): Expression {
  return call('Asset', { name: literal(name), uri: literal(uri) });
}

/**
 * When a pipeline runs by itself; None where it does not. The timetable gives each run the interval that ends where the
 * next one begins: a plain cron expression would give it none. Of several groups of assets the first one stands here.
 */
export function scheduleExpression(schedule: Schedule): Expression {
  if (schedule.kind === 'manual') return literal(null);
  if (schedule.kind === 'cron')
    return call('CronDataIntervalTimetable', { timezone: literal(schedule.timezone) }, [literal(schedule.cron)]);
  return assetsExpression(schedule.anyOf[0] ?? []);
}

/** All of them, each once since the run before. */
export const assetsExpression = (assets: readonly Asset[]): Expression => conjunction(assets.map(assetExpression));

export function startDate({ start, schedule }: Pipeline, platformTimezone: string): Expression {
  const timezone = schedule.kind === 'cron' ? schedule.timezone : platformTimezone;
  const [year, month, day] = start.split('-').map((part) => literal(Number(part)));
  if (!year || !month || !day) throw new Error(`start ${JSON.stringify(start)} is not YYYY-MM-DD`);
  return call('pendulum.datetime', { tz: literal(timezone) }, [year, month, day]);
}
