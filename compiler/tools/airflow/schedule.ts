import type { Asset, Pipeline, Schedule } from '../../ir/types.ts';
import { call, type Expression, literal, operation } from '../../render/python-expression.ts';
import { timedelta } from '../../render/python-timedelta.ts';

export function assetExpression({ name, uri }: Asset): Expression {
  return call('Asset', { name: literal(name), uri: literal(uri) });
}

/** A cron schedule's parts, or null for another kind. */
export function cronSchedule(schedule: Schedule) {
  if (schedule.kind !== 'cron') return null;
  const { cron, timezone, intervalSeconds } = schedule;
  return {
    expression: cron,
    timezone,
    interval: intervalSeconds === null ? null : timedelta(intervalSeconds),
  };
}

/** What starts a pipeline that no clock starts: assets, or with None a person. */
export function eventSchedule(schedule: Schedule): Expression {
  if (schedule.kind !== 'assets') return literal(null);
  return operation(
    '|',
    schedule.anyOf.map((group) => operation('&', group.map(assetExpression))),
  );
}

export function startDate({ start, schedule }: Pipeline, platformTimezone: string): Expression {
  const timezone = schedule.kind === 'cron' ? schedule.timezone : platformTimezone;
  const [year, month, day] = start.split('-').map((part) => literal(Number(part)));
  if (!year || !month || !day) throw new Error(`start ${JSON.stringify(start)} is not YYYY-MM-DD`);
  return call('pendulum.datetime', { tz: literal(timezone) }, [year, month, day]);
}
