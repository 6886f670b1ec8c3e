/** One state held against another, address by address. Order of addresses and of keys is no difference. */
import type { Plain, PlainObject, State } from './state.ts';

export interface Field {
  /** Keys that lead to it within the object, joined by `/`; an array is one value. */
  path: string;
  desired: Plain | undefined;
  observed: Plain | undefined;
}

export interface Change {
  kind: 'create' | 'update' | 'delete' | 'unchanged';
  address: string;
  /** Null where it is to be deleted. */
  desired: PlainObject | null;
  /** Null where it is to be created. */
  observed: PlainObject | null;
  /** Of an update: what differs, sorted by path. */
  fields: Field[];
}

/** Every address of either state, sorted. */
export function compare(desired: State, observed: State): Change[] {
  return [...new Set([...desired.keys(), ...observed.keys()])]
    .sort()
    .map((address) => change(address, desired.get(address) ?? null, observed.get(address) ?? null));
}

/** Without what is the same. */
export const differences = (desired: State, observed: State): Change[] =>
  compare(desired, observed).filter(({ kind }) => kind !== 'unchanged');

/** `kafka/topic/plane_delays is missing`, or what of it differs. */
export function describe({ kind, address, fields }: Change): string {
  if (kind === 'create') return `${address} is missing`;
  if (kind === 'delete') return `${address} is not wanted`;
  if (kind === 'unchanged') return `${address} is as desired`;
  return `${address}: ${fields.map(describeField).join(', ')}`;
}

const describeField = ({ path, desired, observed }: Field): string =>
  `${path} is ${printed(observed)} instead of ${printed(desired)}`;

const printed = (value: Plain | undefined): string => {
  const text = value === undefined ? 'not set' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

function change(address: string, desired: PlainObject | null, observed: PlainObject | null): Change {
  if (desired === null || observed === null)
    return { kind: desired === null ? 'delete' : 'create', address, desired, observed, fields: [] };
  const fields = differing('', desired, observed);
  return { kind: fields.length === 0 ? 'unchanged' : 'update', address, desired, observed, fields };
}

function differing(path: string, desired: Plain | undefined, observed: Plain | undefined): Field[] {
  if (!isObject(desired) || !isObject(observed)) return isSame(desired, observed) ? [] : [{ path, desired, observed }];
  return [...new Set([...Object.keys(desired), ...Object.keys(observed)])]
    .sort()
    .flatMap((key) => differing(path === '' ? key : `${path}/${key}`, desired[key], observed[key]));
}

function isSame(one: Plain | undefined, other: Plain | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((each, at) => isSame(each, other[at]));
  if (isObject(one) && isObject(other)) return differing('', one, other).length === 0;
  return one === other;
}

const isObject = (value: Plain | undefined): value is PlainObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
