/** Every field of the spec language is compiled to a golden by some platform. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { readSources } from '../source/read.ts';
import { PLATFORMS } from './fixture.ts';

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
}

const SCHEMAS = join(import.meta.dirname, '../spec-schema');
const read = (name: string) => JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8')) as Schema;
const common = read('common.schema.json');

const resolved = (schema: Schema, root: Schema): Schema => {
  const [file, name] = schema.$ref?.split('#/$defs/') ?? [];
  const target = (file === '' ? root : common).$defs?.[name ?? ''];
  return { ...target, ...schema };
};

/** What may be stated, such as `Model.serving.online`; `*` is any name. */
function stateable(given: Schema, root: Schema, path: string): string[] {
  const schema = resolved(given, root);
  const { properties = {}, additionalProperties, items } = schema;
  const inner = (each: Schema, key: string) => stateable(each, root, `${path}${key}`);
  return [
    ...Object.entries(properties).flatMap(([key, each]) => [`${path}.${key}`, ...inner(each, `.${key}`)]),
    ...(typeof additionalProperties === 'object' ? inner(additionalProperties, '.*') : []),
    ...(items ? inner(items, '') : []),
  ];
}

/** What a spec states of it. */
function stated(value: unknown, given: Schema, root: Schema, path: string): string[] {
  const schema = resolved(given, root);
  if (Array.isArray(value)) return value.flatMap((each) => stated(each, schema.items ?? {}, root, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const field = schema.properties?.[key];
    const { additionalProperties: any } = schema;
    if (field) return [`${path}.${key}`, ...stated(each, field, root, `${path}.${key}`)];
    return typeof any === 'object' ? stated(each, any, root, `${path}.*`) : [];
  });
}

const specs = readdirSync(PLATFORMS)
  .flatMap((platform) => readSources(join(PLATFORMS, platform)).specs)
  .map(({ bytes }) => parse(Buffer.from(bytes).toString()) as { kind: string });

const kinds = {
  Platform: 'platform',
  Entity: 'entity',
  FeatureView: 'feature_view',
  Pipeline: 'pipeline',
  Model: 'model',
  Monitoring: 'monitoring',
};

/** A port is a port, and a metric's limits are limits: one of each kind is enough. */
const alike = (path: string): string =>
  path.replace(/(?<=\.ports\.)\w+$/, '*').replace(/(?<=\.quality\.)\w+(?=\.(min|max)$)/, '*');
const LIMITED = /\.quality\.(rmse|mae|r2|log_loss|roc_auc|accuracy|f1)$/;

for (const [kind, file] of Object.entries(kinds))
  test(`every field of a ${kind} is in a platform with goldens`, () => {
    const schema = read(`${file}.schema.json`);
    const used = new Set(
      specs.filter((each) => each.kind === kind).flatMap((spec) => stated(spec, schema, schema, kind).map(alike)),
    );
    assert.equal(
      stateable(schema, schema, kind).filter((each) => !LIMITED.test(each) && !used.has(alike(each))),
      [],
    );
  });

test.run();
