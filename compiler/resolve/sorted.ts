import { byText } from '../diagnostics/diagnostic.ts';
import type { JsonValue } from '../ir/types.ts';
import type { Declared } from '../link/declared.ts';
import type { Kind } from '../spec-schema/kinds.ts';

export const sorted = <K extends Kind>(declared: ReadonlyMap<string, Declared<K>>): Declared<K>[] =>
  [...declared.values()].sort((a, b) => byText(a.name, b.name));

export const sortedEntries = <T>(record: Record<string, T> | undefined): [string, T][] =>
  Object.entries(record ?? {}).sort(([a], [b]) => byText(a, b));

export const sortedRecord = <T>(record: Record<string, T> | undefined): Record<string, T> =>
  Object.fromEntries(sortedEntries(record));

/** With the keys of all maps in order, however deep. */
export function sortedJson(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortedJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(sortedEntries(value).map(([key, each]) => [key, sortedJson(each)]));
}

/** The parameters of a function. */
export const parametersOf = (stated: Record<string, unknown> | undefined): Record<string, JsonValue> =>
  sortedJson((stated ?? {}) as Record<string, JsonValue>) as Record<string, JsonValue>;
