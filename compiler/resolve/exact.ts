/** Values that reach the team's code as YAML has them: JavaScript knows neither 2**53 + 1 nor the float 1.0. */
import { isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { byText } from '../diagnostics/diagnostic.ts';
import { ExactNumber, type JsonValue } from '../ir/values.ts';
import type { Declared } from '../link/declared.ts';
import type { Path } from '../source/locate.ts';
import type { Kind } from '../spec-schema/kinds.ts';

/** The value at a path, with the keys of all maps in order, however deep. */
export const exactAt = ({ spec }: Declared<Kind>, ...path: Path): JsonValue =>
  exact(spec.source.document.getIn(path, true));

/** A scalar as it is written, for what is a text anyway: 1.10 is no 1.1. */
export function writtenAt({ spec }: Declared<Kind>, ...path: Path): string {
  const node = spec.source.document.getIn(path, true);
  if (!isScalar(node)) return '';
  return typeof node.value === 'number' ? (node.source ?? String(node.value)) : String(node.value);
}

function exact(node: unknown): JsonValue {
  if (isSeq(node)) return node.items.map(exact);
  if (isMap(node)) {
    const entries = node.items.map(
      ({ key, value }) => [String(isScalar(key) ? key.value : key), exact(value)] as const,
    );
    return Object.fromEntries(entries.sort(([a], [b]) => byText(a, b)));
  }
  if (!isScalar(node)) return null;
  // `!!float 1` is a text to the parser, whose floats have a point.
  const isTagged = typeof node.value === 'string' && node.tag === 'tag:yaml.org,2002:float';
  const value = isTagged ? Number(node.value) : node.value;
  return typeof value === 'number' ? exactNumber(node, value) : (value as JsonValue);
}

const isFloat = ({ source = '', tag = '' }: Scalar): boolean =>
  tag.endsWith(':float') || (/[.eE]/.test(source) && !/^0x/.test(source));

function exactNumber(node: Scalar, value: number): JsonValue {
  if (!Number.isInteger(value)) return value;
  if (isFloat(node)) {
    // From there on it is written with an exponent, which says that it is a float.
    if (Math.abs(value) >= 1e21) return value;
    return new ExactNumber(`${Object.is(value, -0) ? '-0' : BigInt(value)}.0`) as unknown as number;
  }
  if (Number.isSafeInteger(value)) return value + 0;
  return new ExactNumber(String(BigInt(node.source ?? value))) as unknown as number;
}

/** Why a number does not arrive as it is written; null where it does. */
export function lostNumber({ spec }: Declared<Kind>, path: Path): string | null {
  const node = spec.source.document.getIn(path, true);
  if (isMap(node)) {
    const key = node.items.map((each) => each.key).find((each) => isScalar(each) && typeof each.value !== 'string');
    return key === undefined
      ? null
      : `the key ${(key as Scalar).source} is no text, and becomes one: write it in quotes`;
  }
  if (!isScalar(node) || typeof node.value !== 'number') return null;
  const { value, source = '' } = node;
  if (Number.isNaN(value) || /inf/i.test(source)) return `${source} is no number that JSON has`;
  if (isFloat(node) && !Number.isFinite(value)) return `${source} is more than 64 bits hold`;
  if (value === 0 && /[1-9]/.test(source.split(/[eE]/)[0] ?? '')) return `${source} is so small that it becomes 0`;
  // Python's own limit for reading a whole number from text.
  return source.length > 4300 ? 'it has more digits than Python reads' : null;
}
