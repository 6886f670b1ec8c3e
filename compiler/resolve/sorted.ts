import { byText } from '../diagnostics/diagnostic.ts';
import type { JsonValue } from '../ir/types.ts';
import type { Declared } from '../link/declared.ts';
import type { Path } from '../source/locate.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { exactAt } from './exact.ts';

export const sorted = <K extends Kind>(declared: ReadonlyMap<string, Declared<K>>): Declared<K>[] =>
  [...declared.values()].sort((a, b) => byText(a.name, b.name));

export const sortedEntries = <T>(record: Record<string, T> | undefined): [string, T][] =>
  Object.entries(record ?? {}).sort(([a], [b]) => byText(a, b));

export const sortedRecord = <T>(record: Record<string, T> | undefined): Record<string, T> =>
  Object.fromEntries(sortedEntries(record));

/** The parameters of a function, with the keys of all maps in order. */
export const parametersOf = (declared: Declared<Kind>, ...path: Path): Record<string, JsonValue> =>
  (exactAt(declared, ...path) ?? {}) as Record<string, JsonValue>;
