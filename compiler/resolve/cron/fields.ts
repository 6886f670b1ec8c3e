/** One field of a cron expression, read as croniter reads it, which is what Airflow uses. */

export interface Field {
  title: string;
  least: number;
  most: number;
  /** Names of values, in the order of their values from `least`. */
  names: readonly string[];
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export const MINUTE: Field = { title: 'minute', least: 0, most: 59, names: [] };
export const HOUR: Field = { title: 'hour', least: 0, most: 23, names: [] };
export const DAY: Field = { title: 'day of month', least: 1, most: 31, names: [] };
export const MONTH: Field = { title: 'month', least: 1, most: 12, names: MONTHS };
/** Sunday is 0, and 7. */
export const WEEKDAY: Field = { title: 'day of week', least: 0, most: 6, names: DAYS };

export interface Values {
  values: Set<number>;
  /** `*` stands in it, alone or in a list. */
  hasStar: boolean;
  /** `L`: the last day of the month. */
  last: boolean;
  /** `15W`: the weekday nearest to that day. */
  nearest: number | null;
  /** `MON#2` and `L5`: the weekday, and which one of the month. */
  nth: { weekday: number; which: number | 'last' }[];
}

/** Why the text cannot be read; the message is a clause. */
export class Unreadable extends Error {}

const refuse = (reason: string): never => {
  throw new Unreadable(reason);
};

/** Throws `Unreadable`. The text is in lower case. */
export function readField(text: string, field: Field): Values {
  const found: Values = { values: new Set(), hasStar: false, last: false, nearest: null, nth: [] };
  if (text.includes('?')) question(text, field);
  const items = (text === '?' ? '*' : text).split(',');
  for (const item of items) {
    if (item === '') refuse(`the ${field.title} '${text}' has an empty item`);
    if (field === DAY && /^(\d+w|w\d+)$/.test(item)) found.nearest = nearestWeekday(item, items.length);
    else if (field === WEEKDAY && /#|^l\d+$/.test(item)) found.nth.push(...nthWeekdays(item));
    else if (item === '*') found.hasStar = true;
    else if (field === DAY && item === 'l') found.last = true;
    else for (const value of valuesOf(item, field)) found.values.add(value);
  }
  return found;
}

function question(text: string, field: Field): void {
  if (field !== DAY && field !== WEEKDAY)
    refuse(`'?' can stand for a day of month or a day of week only; write '*' for the ${field.title}`);
  if (text !== '?') refuse(`'?' must stand alone, but the ${field.title} is '${text}'`);
}

function nearestWeekday(item: string, items: number): number {
  const day = Number(item.replace('w', ''));
  if (items > 1) refuse(`'${item.toUpperCase()}' must be the only day of month`);
  if (day < DAY.least || day > DAY.most) refuse(outOfRange(String(day), DAY));
  return day;
}

function nthWeekdays(item: string): Values['nth'] {
  const last = /^l(\d+)$/.exec(item);
  if (last) return [{ weekday: numberOf(last[1] as string, WEEKDAY) % 7, which: 'last' }];
  const [, days, count] = /^(\w+|[a-z]{3}-[a-z]{3})#(\d+)$/.exec(item) ?? refuse(notRead(item, WEEKDAY));
  const which = Number(count);
  if (which < 1 || which > 5) refuse(`'${item}' asks for number ${count}, but a month has at most five of a weekday`);
  return valuesOf(days as string, WEEKDAY).map((weekday) => ({ weekday, which }));
}

function valuesOf(item: string, field: Field): number[] {
  const [, from, to, step] = /^([^-/]+)(?:-([^-/]+))?(?:\/(.+))?$/.exec(item) ?? refuse(notRead(item, field));
  if (to === undefined && step === undefined) return [numberOf(from as string, field) % modulo(field)];
  if (step !== undefined && !/^\d+$/.test(step)) refuse(notRead(item, field));
  const every = step === undefined ? 1 : Number(step);
  if (every === 0) refuse(`the step of '${item}' is 0`);
  if (from === '*' && to === undefined) return span(field.least, field.most, stepOf(item, every, field));
  const first = numberOf(from as string, field) % modulo(field);
  if (to === undefined) return span(first, field.most, stepOf(item, every, field));
  const end = field === DAY && to === 'l' ? field.most : numberOf(to, field) % modulo(field);
  if (first === end && !/^0-7/.test(item))
    refuse(`Airflow reads the range '${item}' as every ${field.title}; write '${from}', or '*'`);
  if (first === end) return span(field.least, field.most, every);
  return first < end ? span(first, end, every) : around(first, end, every, field);
}

/** In a week, 7 is Sunday, too. */
const modulo = (field: Field): number => (field === WEEKDAY ? 7 : Number.POSITIVE_INFINITY);

/** Cron would start again at each field's beginning, which nobody means by it. */
function stepOf(item: string, every: number, field: Field): number {
  const size = field.most - field.least + 1;
  if (every > size) {
    const whole = field === MINUTE ? 'hour' : field === HOUR ? 'day' : field === WEEKDAY ? 'week' : 'year';
    refuse(
      `the step of '${item}' is longer than the ${size} values of the ${field.title}, so that it would ` +
        `count for nothing: cron starts again with every ${field === DAY ? 'month' : whole}`,
    );
  }
  return every;
}

function span(first: number, end: number, every: number): number[] {
  const values: number[] = [];
  for (let value = first; value <= end; value += every) values.push(value);
  return values;
}

/** `FRI-MON`, `NOV-FEB/2`: over the end of the field. Where the steps go on is croniter's own rule. */
function around(first: number, end: number, every: number, field: Field): number[] {
  const before = span(first, field.most, every);
  const reached = before.at(-1) as number;
  const left = field.most - reached;
  const overshoots = reached - field.least + every > field.most - field.least + 1;
  const skipped = overshoots && left < every ? every - left : 0;
  return [...before, ...span(field.least + skipped, end, every)];
}

function numberOf(text: string, field: Field): number {
  const named = field.names.indexOf(text);
  if (named >= 0) return field.least + named;
  if (!/^\d+$/.test(text)) refuse(notRead(text, field));
  const value = Number(text);
  if (field === WEEKDAY && value === 7) return value;
  if (value < field.least || value > field.most) refuse(outOfRange(text, field));
  return value;
}

const outOfRange = (text: string, { title, least, most }: Field): string =>
  `the ${title} ${text} is not between ${least} and ${most}`;

function notRead(item: string, { title }: Field): string {
  const last = title === WEEKDAY.title ? valueIn(/^(\w+)l$/.exec(item)?.[1] ?? '') : '';
  if (last !== '') return `Airflow does not read '${item.toUpperCase()}'; the last such day of a month is 'L${last}'`;
  if (/^l-\d+$/.test(item))
    return `Airflow cannot count days back from the end of a month, as '${item.toUpperCase()}' does`;
  return `'${item}' is no ${title} that Airflow can read`;
}

/** The weekday's number, as text; empty for what is none. */
function valueIn(text: string): string {
  const named = DAYS.indexOf(text);
  return named >= 0 ? String(named) : /^[0-7]$/.test(text) ? text : '';
}
