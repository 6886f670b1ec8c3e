/** Examples of keys are parts of one repository, `compiler/test/reference`, all of which compiles. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseAll } from '../../compiler/source/parse.ts';
import type { ParsedSpec } from '../../compiler/source/parsed-spec.ts';
import { readSources } from '../../compiler/source/read.ts';

export const REFERENCE = join(import.meta.dirname, '../../compiler/test/reference');

let parsed: readonly ParsedSpec[] | null = null;

/** The specs of a kind; the one that says most comes first. */
export function specsOf(kind: string): ParsedSpec[] {
  parsed ??= parseAll(readSources(REFERENCE).specs).specs;
  return parsed
    .filter(({ value }) => (value as { kind?: unknown }).kind === kind)
    .sort((a, b) => b.text.length - a.text.length);
}

/** What the first spec of the kind that has the key says there; undefined where none has it. */
export function exampleOf(kind: string, path: readonly string[]): unknown {
  for (const { value } of specsOf(kind)) {
    const found = valuesAt(value, path)[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

function valuesAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (step === undefined) return value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  const below = step === '<name>' || step === '[]' ? Object.values(value) : [(value as Record<string, unknown>)[step]];
  return below.flatMap((each) => valuesAt(each, rest));
}

/** `key: value` on one line. */
export const inOneLine = (key: string, value: unknown): string =>
  stringify({ [key]: value }, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false })
    .trim()
    .replace(/^\{([\s\S]*)\}$/, '$1');
