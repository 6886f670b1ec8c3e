/** Every number of the language says what it means, and is held to the range that follows from it. */
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isNode, type Node, parseDocument } from 'yaml';
import { analyse } from '../compile.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Kind, kinds } from '../spec-schema/kinds.ts';
import { quantities } from '../spec-schema/quantities.ts';
import { type Schema, schemas } from '../spec-schema/schemas.ts';
import { valuesIn } from '../spec-schema/values.ts';
import { dataOf, kindOf, readRepository } from './faults/repository.ts';
import { PLATFORMS } from './fixture.ts';
import { samplesOf } from './quantities.ts';
import { runs } from './runs.ts';
import { asSources } from './sources.ts';

interface Field {
  schema: Schema;
  /** The keys of maps that a spec names itself are stars. */
  name: string;
}

function* fieldsIn(schema: Schema, name: string): Generator<Field> {
  yield { schema, name };
  const { properties = {}, additionalProperties, items } = schema;
  for (const [key, each] of Object.entries(properties)) yield* fieldsIn(each, `${name}/${key}`);
  if (typeof additionalProperties === 'object') yield* fieldsIn(additionalProperties, `${name}/*`);
  if (items) yield* fieldsIn(items, `${name}/*`);
}

const fields = Object.entries(schemas).flatMap(([kind, schema]) => [...fieldsIn(schema, kind)]);

const holdsNumber = ({ type, enum: words, const: word, pattern, additionalProperties }: Schema): boolean =>
  words === undefined &&
  word === undefined &&
  ((type === undefined && additionalProperties === undefined) ||
    [type].flat().some((each) => each === 'integer' || each === 'number') ||
    (pattern !== undefined && AMOUNTS.some((each) => new RegExp(pattern, 'u').test(each)) && !isName(pattern)));

/** Texts that are amounts, and nothing else. */
const AMOUNTS = ['5', '5s', '5m', '5h', '50ms', '5g', '512m', '5%', '50.5%', 'mail:25'];
const isName = (pattern: string): boolean => new RegExp(pattern, 'u').test('abc');

test('every number, percentage, duration, size and port says what it means', () => {
  const silent = fields.filter(({ schema }) => holdsNumber(schema) && !quantities[schema['x-quantity'] ?? '']);
  assert.equal(
    silent.map(({ name }) => name),
    [],
  );
  assert.ok(fields.filter(({ schema }) => holdsNumber(schema)).length > 80);
});

test('every number has a lowest and a highest value, or one that follows from the field beside it', () => {
  const open = fields.filter(({ schema: each }) => {
    if ((each.type !== 'integer' && each.type !== 'number') || each['x-range-by'] !== undefined) return false;
    const hasLow = each.minimum !== undefined || each.exclusiveMinimum !== undefined;
    return !hasLow || (each.maximum === undefined && each.exclusiveMaximum === undefined);
  });
  assert.equal(
    open.map(({ name }) => name),
    [],
  );
});

test('every meaning is used', () => {
  const used = new Set(fields.map(({ schema }) => schema['x-quantity']));
  assert.equal(
    Object.keys(quantities).filter((each) => !used.has(each)),
    [],
  );
});

interface Place {
  field: string;
  schema: Schema;
  files: ReadonlyMap<string, string>;
  file: string;
  path: readonly (string | number)[];
  beside: Record<string, unknown>;
}

const REST: [string, string][] = [
  [
    'ports: {grafana: 3001}',
    `ports: {${portNames()
      .map((name, index) => `${name}: ${3001 + index}`)
      .join(', ')}}`,
  ],
  ['{rmse: {max: 45}, r2: {min: 0.1}}', '{rmse: {min: 1, max: 45}, mae: {min: 1, max: 9}, r2: {min: 0.1, max: 0.9}}'],
  [
    'quality: {roc_auc: {min: 0.8}',
    `quality: {${['roc_auc', 'log_loss', 'accuracy', 'f1'].map((each) => `${each}: {min: 0.2, max: 0.9}`).join(', ')}`,
  ],
];

function portNames(): string[] {
  const { environments } = schemas.Platform.properties ?? {};
  const each = environments?.additionalProperties as Schema | undefined;
  return Object.keys(each?.properties?.['ports']?.properties ?? {});
}

/** With siblings that no platform states. */
const whole = (text: string): string => REST.reduce((result, [some, all]) => result.replace(some, all), text);

/** One for each field, in the platforms that have every field of the language. */
function places(): Map<string, Place> {
  const found = new Map<string, Place>();
  for (const platform of ['flights', 'fraud']) {
    const files = new Map([...readRepository(join(PLATFORMS, platform))].map(([file, text]) => [file, whole(text)]));
    for (const [file, text] of files) {
      if (!file.endsWith('.yaml')) continue;
      const kind = kindOf(text) as Kind;
      const value = dataOf(text);
      for (const { schema, path } of valuesIn(kind, value)) {
        if (schema['x-quantity'] === undefined) continue;
        const beside = path.slice(0, -1).reduce<unknown>((map, step) => (map as never)[step], value);
        const type = schema['x-range-by'] ? (beside as Record<string, unknown>)['type'] : '';
        const field = `${nameOf(kind, path)} ${type}`.trim();
        if (!found.has(field))
          found.set(field, { field, schema, files, file, path, beside: beside as Record<string, unknown> });
      }
    }
  }
  return found;
}

function nameOf(kind: Kind, path: readonly (string | number)[]): string {
  let schema: Schema | undefined = schemas[kind];
  const names = path.map((step) => {
    const stated: Schema | undefined = schema?.properties?.[step];
    const others = schema?.additionalProperties;
    schema = stated ?? schema?.items ?? (typeof others === 'object' ? others : undefined);
    return stated ? step : '*';
  });
  return [kind, ...names].join('/');
}

/** The file with another value at the place, and the line that it stands in. */
function withValue({ files, file, path }: Place, value: string): { files: Map<string, string>; line: number } {
  const text = files.get(file) ?? '';
  const node = parseDocument(text).getIn(path, true) as Node;
  if (!isNode(node) || !node.range) throw new Error(`${file} has nothing at ${path.join('/')}`);
  const [start, end] = node.range;
  const line = text.slice(0, start).split('\n').length;
  return { files: new Map(files).set(file, text.slice(0, start) + value + text.slice(end)), line };
}

const SHAPE = /^SPC0(04|06|07|08|12)$|^FEA002$/;
const isOfShape = ({ code }: Finding): boolean => SHAPE.test(code);
const all = [...places().values()].flatMap((place) => {
  const samples = samplesOf(place.schema, place.beside);
  return samples ? [{ ...place, ...samples }] : [];
});
const count = { outside: 0, inside: 0 };

test('a value outside its range is one finding, in its line', () => {
  for (const place of all)
    for (const value of new Set(fc.sample(place.outside, runs(3)))) {
      const { files, line } = withValue(place, value);
      const { findings } = analyse(asSources(files));
      const shown = findings.map(({ code, message, at }) => `${code} ${at.file}:${at.line} ${message}`).join('\n');
      const what = `${place.field}: ${value}\n${shown}`;
      assert.is(findings.length, 1, what);
      assert.ok(findings.every(isOfShape), what);
      assert.equal([findings[0]?.at.file, findings[0]?.at.line], [place.file, line], what);
      count.outside += 1;
    }
});

test('a value inside its range has the right form', () => {
  for (const place of all)
    for (const value of new Set(fc.sample(place.inside, runs(20)))) {
      const text = withValue(place, value).files.get(place.file) ?? '';
      const { validate } = kinds[kindOf(text) as Kind];
      assert.ok(validate(dataOf(text)), `${place.field}: ${value} ${JSON.stringify(validate.errors?.[0]?.message)}`);
      count.inside += 1;
    }
});

test('every field with a number was tried', () => {
  const tried = new Set(all.map(({ field }) => field.split(' ')[0]));
  const ranged = fields.filter(
    ({ schema }) => holdsNumber(schema) && !['passed on', 'text'].includes(schema['x-quantity'] ?? ''),
  );
  assert.equal(
    ranged.map(({ name }) => name).filter((name) => !tried.has(name)),
    [],
  );
  console.log(`${all.length} fields, ${count.outside} values outside their range, ${count.inside} inside`);
});

test.run();
