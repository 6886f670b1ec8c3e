/** What may stand at a key, in a few words. */
import type { Schema } from '../../compiler/spec-schema/schemas.ts';

/** Amounts that are written as texts, and the section of expressions.md that says how. */
export const AMOUNTS = ['duration', 'latency', 'memory', 'share', 'exceedable share', 'open share'];

export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

export function typeOf(schema: Schema): string {
  const { enum: words, const: only, items, additionalProperties, properties } = schema;
  const quantity = schema['x-quantity'] ?? '';
  if (only !== undefined) return code(only);
  if (words) return words.map(code).join(' or ');
  if (AMOUNTS.includes(quantity)) return `[${quantity}](expressions.md#${anchor(quantity)})`;
  const types = [schema.type ?? []].flat();
  if (types.length > 1) return types.map((type) => typeOf({ ...schema, type })).join(', or ');
  if (types[0] === 'array') return `list${items ? ` of ${plural(typeOf(withNames(items, schema)))}` : ''}`;
  if (types[0] === 'object') return properties || !additionalProperties ? 'keys of its own' : `map${valuesOf(schema)}`;
  if (types[0] === 'boolean') return '`true` or `false`';
  if (types[0] === 'integer' || types[0] === 'number') return number(schema, types[0]);
  return text(schema);
}

const withNames = (items: Schema, list: Schema): Schema => ({
  ...items,
  ...(list['x-refers-to'] && { 'x-refers-to': list['x-refers-to'] }),
});

const plural = (words: string): string => (words === 'text' ? 'texts' : words);

function valuesOf({ additionalProperties }: Schema): string {
  const each = typeof additionalProperties === 'object' ? additionalProperties : {};
  return each.properties ? '' : ` of ${plural(typeOf(each))}`;
}

function number(schema: Schema, type: string): string {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  const bounds = [
    minimum === undefined ? '' : `from ${minimum}`,
    exclusiveMinimum === undefined ? '' : `above ${exclusiveMinimum}`,
    maximum === undefined ? '' : `to ${maximum.toLocaleString('en-US', { maximumFractionDigits: 9 })}`,
    exclusiveMaximum === undefined ? '' : `below ${exclusiveMaximum}`,
  ].filter(Boolean);
  // What no float holds is no bound that anybody asks for.
  const range = bounds
    .join(' ')
    .replace(/(from -\S*,\S* ?|to \S{60,})/g, '')
    .trim();
  return `${type === 'integer' ? 'whole number' : 'number'}${range ? ` ${range}` : ''}`;
}

function text(schema: Schema): string {
  const refers = [schema['x-refers-to'] ?? []].flat().map(({ kind }) => kind);
  if (refers.length > 0) return `name of ${refers.join(' or ')}`;
  if (schema['x-code'] === 'SPC010') return 'a name';
  return schema['x-expected'] ?? 'text';
}
