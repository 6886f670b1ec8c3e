/** Whether a run that reads can start while a run that writes is under way. */
import { ANCHOR_DAY } from './days.ts';
import type { Cron } from './read.ts';
import { last, next } from './timetable.ts';

const FROM = ANCHOR_DAY * 1440;
/** Two years: each month, each change of the clocks. */
const UNTIL = FROM + 730 * 1440;
/** Of two dense schedules, more would only repeat itself. */
const MOST = 1000;

export interface Clock {
  cron: Cron;
  zone: string;
}

const known = new Map<string, boolean>();

/** Whether a reader starts at one of the writer's ticks, or within the minutes after it. */
export function meets(reader: Clock, writer: Clock, minutes: number): boolean {
  const key = JSON.stringify([reader.cron.text, reader.zone, writer.cron.text, writer.zone, minutes]);
  const found = known.get(key) ?? met(reader, writer, minutes);
  known.set(key, found);
  return found;
}

/** Goes through the ticks of the one that has fewer: the other's are looked up. */
function met(reader: Clock, writer: Clock, minutes: number): boolean {
  const readerIsSparser = reader.cron.times.length < writer.cron.times.length;
  const { cron, zone } = readerIsSparser ? reader : writer;
  let tick = next(cron, zone, FROM);
  for (let count = 0; count < MOST && tick < UNTIL; count += 1) {
    const distance = readerIsSparser
      ? tick - last(writer.cron, writer.zone, tick + 1)
      : next(reader.cron, reader.zone, tick - 1) - tick;
    if (distance >= 0 && distance < minutes) return true;
    const following = next(cron, zone, tick);
    // What a clock repeats can lead back; a minute on, it does not.
    tick = following > tick ? following : tick + 1;
  }
  return false;
}
