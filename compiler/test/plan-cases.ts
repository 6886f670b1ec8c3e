/**
 * Cases of the plan's rules: a block per rule, in the file of its subject. An edit is an address with a field and its
 * new value as JSON, or an address that is `added`, `removed` or `renamed NAME`; several are parted by `;`.
 *
 *     PLN120 the TTL of a view that models use is shortened
 *     given model/m/online removed                         (on both sides)
 *     today 2027-02-01                                     (the day of the plan)
 *     + feature_view/plane_delays ttlSeconds 3600          (is found, with this sentence)
 *     = values of plane_delays count for 1 h instead of 7 d
 *     - feature_view/plane_delays ttlSeconds 9999999       (is not found)
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectsByAddress } from '../ir/objects.ts';
import type { Addressed, Ir } from '../ir/types.ts';
import { planOf } from '../plan/plan.ts';
import type { PlannedChange } from '../plan/types.ts';

export const PLAN_CASES = join(import.meta.dirname, 'plan-cases');

export interface Trial {
  code: string;
  given: string;
  today: string | undefined;
  edit: string;
  /** Null where the rule must not speak. */
  sentence: string | null;
}

export const caseFiles = (): string[] => readdirSync(PLAN_CASES).sort();

export function readTrials(file: string): Trial[] {
  const blocks = readFileSync(join(PLAN_CASES, file), 'utf8').trim().split('\n\n');
  return blocks.flatMap((block) => {
    const [title = '', ...lines] = block.split('\n');
    const rest = (line: string) => line.slice(line.indexOf(' ') + 1);
    const given = lines
      .filter((line) => line.startsWith('given '))
      .map(rest)
      .join('; ');
    const today = lines.find((line) => line.startsWith('today '))?.slice('today '.length);
    return lines.flatMap((line, index): Trial[] => {
      const each = { code: title.split(' ', 1)[0] ?? '', given, today, edit: rest(line) };
      if (line.startsWith('+ ')) return [{ ...each, sentence: (lines[index + 1] ?? '').replace(/^= ?/, '') }];
      return line.startsWith('- ') ? [{ ...each, sentence: null }] : [];
    });
  });
}

/** What the plan says of the edit. */
export function changesOf({ given, today, edit }: Pick<Trial, 'given' | 'today' | 'edit'>, ir: Ir): PlannedChange[] {
  const start = edited(ir, given);
  const base = isAdding(edit) ? edited(start, edit.replaceAll(' added', ' removed')) : start;
  const head = isAdding(edit) ? start : edited(start, edit);
  return planOf({ ir: base }, { ir: head }, today ? { today } : {}).changes;
}

const isAdding = (edit: string): boolean => edit.includes(' added');

export function edited(ir: Ir, edits: string): Ir {
  const copy = JSON.parse(JSON.stringify(ir)) as Ir;
  for (const edit of edits.split('; ').filter(Boolean)) {
    const [address = '', word = '', ...more] = edit.split(' ');
    const object = objectsByAddress(copy).get(address);
    if (!object) throw new Error(`there is no ${address} to edit`);
    if (word === 'removed') remove(copy, object);
    else if (word === 'renamed') rename(object, more.join(' '));
    else put(object, word.split('/'), JSON.parse(more.join(' ')));
  }
  return copy;
}

function remove(within: object, object: Addressed): void {
  for (const [key, value] of Object.entries(within)) {
    const holder = within as Record<string, unknown>;
    if (value === object) holder[key] = null;
    else if (Array.isArray(value) && value.includes(object)) holder[key] = value.filter((each) => each !== object);
    else if (typeof value === 'object' && value !== null) remove(value, object);
  }
}

/** What lies in it moves along. */
function rename(object: Addressed, name: string): void {
  const old = object.address;
  const now = old.replace(/[^/]+$/, name);
  const move = (value: object): void => {
    if ('address' in value && typeof value.address === 'string') value.address = value.address.replace(old, now);
    for (const each of Object.values(value)) if (typeof each === 'object' && each !== null) move(each);
  };
  move(object);
  Object.assign(object, { name });
}

function put(object: object, [key = '', ...rest]: string[], value: unknown): void {
  const holder = object as Record<string, unknown>;
  if (rest.length === 0) holder[key] = value;
  else {
    holder[key] ??= {};
    put(holder[key] as object, rest, value);
  }
}
