/** The objects of an IR as states that `diff/` compares: each with its own fields, without objects and places in it. */
import type { Plain, PlainObject } from '../diff/state.ts';
import { type AddressPart, parseAddress } from '../ir/address.ts';
import { objectsByAddress, withoutPlaces } from '../ir/objects.ts';
import type { Addressed, Ir } from '../ir/types.ts';
import type { ObjectKind } from '../tools/change-rule.ts';

export interface Described {
  of: ObjectKind;
  name: string;
  object: Addressed;
  fields: PlainObject;
}

/** Fields that hold objects with addresses of their own, and one that `specDigest` has within it. */
const LEFT: Partial<Record<ObjectKind, readonly string[]>> = {
  platform: ['owners'],
  table: ['columns'],
  feature_view: ['features', 'stream'],
  model: ['label', 'features', 'request', 'aliases', 'train', 'online', 'batch', 'ownDigest'],
  pipeline: ['steps'],
  environment: ['services', 'consumers', 'containers'],
};

export function describedObjects(ir: Ir): Map<string, Described> {
  return new Map([...objectsByAddress(ir)].map(([address, object]) => [address, described(address, object)]));
}

function described(address: string, object: Addressed): Described {
  const parts = parseAddress(address);
  if (!parts) throw new Error(`${address} is no address`);
  const of = kindOf(parts);
  const left = new Set(['address', ...(LEFT[of] ?? [])]);
  const own = Object.entries(withoutPlaces(object)).filter(([key]) => !left.has(key));
  return { of, name: nameOf(address), object, fields: plain(Object.fromEntries(own)) as PlainObject };
}

/** The kind of the innermost part; a view's feature within a model is another thing than the feature. */
export function kindOf(parts: readonly AddressPart[]): ObjectKind {
  const { kind } = parts.at(-1) as AddressPart;
  return kind === 'feature' && parts[0]?.kind === 'model' ? 'model_feature' : (kind as ObjectKind);
}

/** `plane_delays.last_delay`; what there is once in an object is called as that. */
export const nameOf = (address: string): string =>
  (parseAddress(address) ?? []).flatMap(({ name }) => name ?? []).join('.');

/** A number that brings its own text stays apart from that text. */
function plain(value: unknown): Plain {
  if (value instanceof Number) return `\0${value}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
  return value as Plain;
}
