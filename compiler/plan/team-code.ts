/** What a team's functions and packages add to the objects that run them, where both sides have them. */
import type { PlainObject } from '../diff/state.ts';
import type { Model, Step, Train } from '../ir/types.ts';
import { reachIn } from '../link/python-reach.ts';
import type { Described } from './objects.ts';
import type { Side } from './types.ts';

/** Adds to a step and a training what their function reaches (`code`), and to steps and models their `packages`. */
export function withTeamCode(objects: ReadonlyMap<string, Described>, side: Side): Map<string, Described> {
  const reach = side.code && reachIn(side.code);
  const added = ({ of, object }: Described): PlainObject => {
    const called = of === 'train' ? (object as Train) : of === 'step' ? functionOf(object as Step) : null;
    const lock =
      of === 'model' ? (object as Model).lock : of === 'step' ? (functionOf(object as Step)?.lock ?? null) : null;
    return {
      ...(reach && called ? { code: reach(called.file, called.function) } : {}),
      ...(side.locks && lock !== null ? { packages: packagesIn(side.locks.get(lock) ?? '') } : {}),
    };
  };
  return new Map(
    [...objects].map(([address, each]) => [address, { ...each, fields: { ...each.fields, ...added(each) } }]),
  );
}

const functionOf = ({ run }: Step) => (run.kind === 'function' ? run : null);

/** `numpy==2.1.0`, each with its digests; comments and order do not count. */
function packagesIn(lock: string): string[] {
  const lines = lock.replace(/\\\n/g, ' ').replace(/(^|\s)#[^\n]*/g, '$1');
  return lines
    .split('\n')
    .map((line) => line.trim().split(/\s+/).sort(packageFirst).join(' '))
    .filter(Boolean)
    .sort();
}

const packageFirst = (a: string, b: string): number =>
  Number(a.startsWith('--')) - Number(b.startsWith('--')) || (a < b ? -1 : 1);
