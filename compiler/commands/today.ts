import { isDay } from '../source/suppressions.ts';
import { type Option, UsageError } from './command.ts';

export const todayOption: Option = {
  type: 'string',
  value: 'DAY',
  help: 'the day on which suppressions and deprecations are judged (default: SOURCE_DATE_EPOCH, or the clock, in UTC)',
};

/** Only what is found depends on it; no emitted byte does. */
export function dayOf(options: Record<string, string | boolean | undefined>): string {
  const stated = options['today'];
  if (stated !== undefined) {
    if (!isDay(String(stated))) throw new UsageError(`--today is a day such as 2027-03-31, not '${stated}'`);
    return String(stated);
  }
  const epoch = process.env['SOURCE_DATE_EPOCH'];
  if (epoch !== undefined && epoch !== '' && !/^\d{1,11}$/.test(epoch))
    throw new UsageError(`SOURCE_DATE_EPOCH is a number of seconds, not '${epoch}'`);
  return new Date(epoch ? Number(epoch) * 1000 : Date.now()).toISOString().slice(0, 10);
}
