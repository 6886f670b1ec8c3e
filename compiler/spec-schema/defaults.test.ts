/** What silent specs get stands in the schemas alone, and is what the schemas allow. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const COMPILER = join(import.meta.dirname, '..');

interface Schema {
  [key: string]: unknown;
  properties?: Record<string, Schema>;
}

interface Field {
  name: string;
  /** Of the field's schema, such as `model.schema.json#/properties/task`. */
  pointer: string;
  schema: Schema;
  siblings: Record<string, Schema>;
}

function fieldsIn(schema: Schema, pointer: string): Field[] {
  const { properties = {} } = schema;
  const inner = ['additionalProperties', 'items'].filter((key) => typeof schema[key] === 'object');
  return [
    ...Object.entries(properties).flatMap(([name, part]) => {
      const at = `${pointer}/properties/${name}`;
      return [{ name, pointer: at, schema: part, siblings: properties }, ...fieldsIn(part, at)];
    }),
    ...inner.flatMap((key) => fieldsIn(schema[key] as Schema, `${pointer}/${key}`)),
  ];
}

const ajv = new Ajv2020({ strict: false });
const fields = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.schema.json'))
  .flatMap((name) => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as Schema;
    ajv.addSchema(schema);
    return fieldsIn(schema, `${name}#`);
  });
const withDefault = fields.filter(({ schema }) => schema['default'] !== undefined);

test('a default is what its own schema allows', () => {
  assert.ok(withDefault.length > 40, `${withDefault.length} fields have a default`);
  for (const { pointer, schema } of withDefault)
    assert.ok(ajv.getSchema(pointer)?.(schema['default']), `${pointer}: ${JSON.stringify(schema['default'])}`);
});

test('a default that follows from another field has a valid value for each of its values', () => {
  const dependent = fields.filter(({ schema }) => schema['x-default-by'] !== undefined);
  assert.ok(dependent.length > 0);
  for (const { pointer, schema, siblings } of dependent) {
    const [[other = '', values = {}] = []] = Object.entries(schema['x-default-by'] as Record<string, object>);
    assert.equal(Object.keys(values), siblings[other]?.['enum'], pointer);
    for (const value of Object.values(values)) assert.ok(ajv.getSchema(pointer)?.(value), `${pointer}: ${value}`);
  }
});

const code = (readdirSync(COMPILER, { recursive: true }) as string[])
  .filter((path) => /^(checks|editor|ir|link|lower|resolve)\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'))
  .map((path): [string, string] => [path, readFileSync(join(COMPILER, path), 'utf8')]);

const literalOf = (value: unknown): string =>
  typeof value === 'string' ? `['"\`]${value.replace(/[.*+?^$()|[\]\\]/g, '\\$&')}['"\`]` : JSON.stringify(value);

/** `stream.partitions ?? 3`, `{ partitions = 3 }`, and `partitions: partitions ?? 3`. */
const statesAgain = ({ name, schema }: Field): RegExp =>
  new RegExp(`\\b${name}\\b\\s*(\\?\\?|=)\\s*${literalOf(schema['default'])}(?![\\w.])`);

test('no code states the default of a field again', () => {
  const again = withDefault.flatMap((field) =>
    code
      .filter(([, text]) => statesAgain(field).test(text))
      .map(([path]) => `${path} states the default of ${field.name}`),
  );
  assert.equal([...new Set(again)], []);
});

test('lowering falls back on what the schemas say, or on nothing', () => {
  const literals = code
    .filter(([path]) => /^(lower|resolve)\//.test(path))
    .flatMap(([path, text]) =>
      [...text.matchAll(/\?\? (['"\d]|true|false)[^\n]*/g)].map(([found]) => `${path}: ${found}`),
    );
  assert.equal(
    literals.filter((found) => !/\?\? (''|0\b)/.test(found)),
    [],
  );
});

test.run();
