/** What of a plan is shown, whatever the form: changes of their own, by gravity. */
import type { Plan, PlannedChange } from '../plan/types.ts';
import { CLASSES, type Class } from '../tools/change-rule.ts';

/** What only follows from other changes is left to them. */
export function shownOf({ changes }: Plan): PlannedChange[] {
  const own = changes.filter(({ follows }) => !follows);
  return own.length > 0 ? own : [...changes];
}

const COMPATIBLE = CLASSES.indexOf('compatible');

/** Beyond the compatible: somebody has to do or to decide something. */
export const isGrave = (each: Class): boolean => CLASSES.indexOf(each) > COMPATIBLE;

/** What a shortened report never leaves out. */
export const mustBeSeen = (change: PlannedChange): boolean => change.class === 'breaking' || change.kind === 'removed';

/** Changes by the object that they are of, in the order of the first. */
export function byObject(changes: readonly PlannedChange[]): [PlannedChange, ...PlannedChange[]][] {
  const groups = new Map<string, [PlannedChange, ...PlannedChange[]]>();
  for (const change of changes) {
    const key = `${change.class} ${change.address}`;
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  return [...groups.values()];
}

export const placeOf = ({ origin }: PlannedChange): string => `${origin.file}:${origin.line}`;

export function saidOf({ sentence, renamedFrom }: PlannedChange): string {
  return `${sentence}.${renamedFrom ? ` Taken for the same: ${renamedFrom.evidence}.` : ''}`;
}

export function toDoOf({ whatToDo, certainty }: PlannedChange): string {
  if (whatToDo.endsWith('?')) return whatToDo;
  return `${certainty === 'possible' ? 'Perhaps: ' : ''}${whatToDo}.`;
}
