/** The objects of an IR by address, and the part of them that is compared. */
import type { Ir } from './types.ts';
import type { Addressed } from './values.ts';

/** Values that a team chooses freely; they hold neither objects nor places. */
const OPAQUE = new Set(['with', 'settings', 'secrets', 'tags', 'variables', 'volumes', 'needs']);
const PLACES = new Set(['origin', 'requiredBy']);

export type WithoutPlaces<T> = T extends (infer Each)[]
  ? WithoutPlaces<Each>[]
  : T extends object
    ? { [Key in keyof T as Exclude<Key, 'origin' | 'requiredBy'>]: Key extends 'with' ? T[Key] : WithoutPlaces<T[Key]> }
    : T;

/** An IR, or a part of one, without the places of its objects: a moved line or a renamed file is not a change. */
export const withoutPlaces = <T>(value: T): WithoutPlaces<T> => without(value, PLACES) as WithoutPlaces<T>;

/** What the specs say, regardless of place and address. */
export const contentOf = (value: unknown): unknown => without(value, new Set([...PLACES, 'address']));

function without(value: unknown, left: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => without(each, left));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !left.has(key))
      .map(([key, each]) => [key, OPAQUE.has(key) ? each : without(each, left)]),
  );
}

/** Every object of the IR, outer ones before those within them. */
export function objectsByAddress(ir: Ir): Map<string, Addressed> {
  const found = new Map<string, Addressed>();
  for (const object of objectsIn(ir)) {
    if (found.has(object.address)) throw new Error(`two objects have the address ${object.address}`);
    found.set(object.address, object);
  }
  return found;
}

function* objectsIn(value: unknown): Generator<Addressed> {
  if (typeof value !== 'object' || value === null) return;
  if ('address' in value && 'origin' in value) yield value as Addressed;
  for (const [key, each] of Object.entries(value)) if (!OPAQUE.has(key)) yield* objectsIn(each);
}
