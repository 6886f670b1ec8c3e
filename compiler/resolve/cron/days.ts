/** On which days a cron expression fires: days of month or of week, and in which months. */
import { DAY, MONTH, type Values, WEEKDAY } from './fields.ts';

interface Parts {
  day: Values;
  month: Values;
  weekday: Values;
  /** The fields as written. */
  texts: { day: string; weekday: string };
}

type Matches = (date: CalendarDay) => boolean;

interface CalendarDay {
  month: number;
  day: number;
  weekday: number;
  /** Days of its month. */
  length: number;
}

/** 50 years: croniter gives up there. */
const SEARCHED = 18_263;
/** 2026-01-01, in days from 1970-01-01: the same expression always gives the same answer. */
export const ANCHOR_DAY = 20_454;

/** Whether it fires on a day, counted from 1970-01-01; or why it cannot be used. */
export function daysOf(parts: Parts): ((day: number) => boolean) | string {
  const mixed = mixesWeekdays(parts.weekday);
  if (mixed) return 'a weekday such as MON cannot stand in one list with MON#2 or L1';
  const inMonth: Matches = ({ month }) => parts.month.hasStar || parts.month.values.has(month);
  const either = sides(parts);
  for (const side of either.needed) if (!everMatches((date) => inMonth(date) && side(date))) return 'it never fires';
  return (day) => {
    const date = calendarDay(day);
    return inMonth(date) && either.matches(date);
  };
}

/** Cron fires on either day where both are stated, and on both where one is `*`. */
function sides(parts: Parts): { matches: Matches; needed: Matches[] } {
  const { day, weekday, texts } = parts;
  const ofMonth = dayOfMonth(day);
  const ofWeek = dayOfWeek(weekday);
  const free: Matches = () => true;
  const isFree = {
    // What lists every value counts as `*` where the other field has one: croniter's rule.
    month: day.hasStar || (count(day) === DAY.most && texts.weekday.includes('*')),
    week: weekday.hasStar || (weekdaysOf(weekday).size === 7 && texts.day.includes('*')),
  };
  const month = isFree.month && day.nearest === null ? free : ofMonth;
  const week = isFree.week && weekday.nth.length === 0 ? free : ofWeek;
  if (isFree.month || isFree.week) {
    const both: Matches = (date) => month(date) && week(date);
    return { matches: both, needed: [both] };
  }
  // `15W` and `MON#2` bind both sides; croniter then fails where one of the sides has no day.
  const weekAlways = weekday.nth.length > 0 ? ofWeek : free;
  const monthAlways = day.nearest === null ? free : ofMonth;
  const first: Matches = (date) => ofMonth(date) && weekAlways(date);
  const second: Matches = (date) => monthAlways(date) && ofWeek(date);
  const matches: Matches = (date) => first(date) || second(date);
  return { matches, needed: weekday.nth.length > 0 || day.nearest !== null ? [first, second] : [matches] };
}

const count = ({ values, last }: Values): number => values.size + (last ? 1 : 0);

const weekdaysOf = ({ values, nth }: Values): Set<number> => new Set([...values, ...nth.map((each) => each.weekday)]);

function dayOfMonth({ values, hasStar, last, nearest }: Values): Matches {
  if (nearest !== null) return (date) => date.day === nearestWeekday(nearest, date);
  return ({ day, length }) => hasStar || values.has(day) || (last && day === length);
}

function dayOfWeek({ values, hasStar, nth }: Values): Matches {
  if (nth.length === 0) return ({ weekday }) => hasStar || values.has(weekday);
  return ({ day, weekday, length }) =>
    nth.some(
      (each) =>
        each.weekday === weekday && (each.which === 'last' ? day + 7 > length : Math.ceil(day / 7) === each.which),
    );
}

function mixesWeekdays(weekday: Values): boolean {
  const { values, nth } = weekday;
  if (nth.length === 0) return false;
  const others = [...values].some((value) => nth.every(({ weekday }) => weekday !== value));
  return others && weekdaysOf(weekday).size !== WEEKDAY.most + 1;
}

/** Never in another month: from Saturday the 1st to Monday the 3rd, from a Sunday at the end back to Friday. */
function nearestWeekday(wanted: number, { day: today, weekday: now, length }: CalendarDay): number {
  const day = Math.min(wanted, length);
  const weekday = (((now + day - today) % 7) + 7) % 7;
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < length ? day + 1 : day - 2;
  return day;
}

function everMatches(matches: Matches): boolean {
  for (let day = ANCHOR_DAY; day < ANCHOR_DAY + SEARCHED; day += 1) if (matches(calendarDay(day))) return true;
  return false;
}

/** Every expression goes through the same days. */
const calendar = new Map<number, CalendarDay>();

function calendarDay(day: number): CalendarDay {
  const known = calendar.get(day);
  if (known) return known;
  const date = new Date(day * 86_400_000);
  const month = date.getUTCMonth();
  const found = {
    month: month + MONTH.least,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    length: new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate(),
  };
  calendar.set(day, found);
  return found;
}
