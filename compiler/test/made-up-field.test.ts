/**
 * A new field of the language that names something: its `x-refers-to` alone links it. The fields here are made up, and
 * are put into the schemas in memory, before anything reads them.
 */
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import common from '../spec-schema/common.schema.json' with { type: 'json' };
import pipeline from '../spec-schema/pipeline.schema.json' with { type: 'json' };
import { readRepository } from './faults/repository.ts';
import { asSources } from './sources.ts';

const name = { $ref: 'common.schema.json#/$defs/name' };
const step: Record<string, unknown> = pipeline.properties.steps.additionalProperties.properties;
step['informs'] = { type: 'array', items: name, 'x-refers-to': { kind: 'owner' } };
step['watches'] = { type: 'string', 'x-refers-to': { kind: 'feature', form: '{feature view}.{feature}' } };
step['instead_of'] = { ...name, 'x-refers-to': { kind: 'step' } };
step['weights'] = {
  type: 'object',
  additionalProperties: { type: 'integer' },
  'x-keys-refer-to': { kind: 'environment' },
};

const { kinds } = await import('../spec-schema/kinds.ts');
const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false });
ajv.addSchema(common);
kinds.Pipeline.validate = ajv.compile(pipeline);

const { analyse } = await import('../compile.ts');
const { complete } = await import('../editor/complete.ts');
const { findAll, findAt } = await import('../editor/find.ts');
const { describe } = await import('../editor/hover.ts');
const { rename } = await import('../editor/rename.ts');
const { applyFixes } = await import('../diagnostics/fix.ts');

const FILE = 'pipelines/clicks/pipeline.yaml';
const FIELDS = `    informs: [growth]
    watches: clicks.mean_stay
    instead_of: count
    weights: {local: 3}
`;
const base = readRepository(join(import.meta.dirname, 'base'));
const withText = (text: string) => new Map(base).set(FILE, text);
const plain = (base.get(FILE) ?? '').replace('    run: clicks.py:load\n', `    run: clicks.py:load\n${FIELDS}`);
const analysisOf = (text: string) => analyse(asSources(withText(text)));

function graphOf(text: string) {
  const { graph } = analysisOf(text);
  if (!graph) throw new Error('there is no platform');
  return graph;
}

/** Each field, the name in it, where it is declared, a slip, and what is said of it. */
const fields = [
  {
    field: 'informs: [growth]',
    bare: 'growth',
    declared: 'platform.yaml:6',
    slip: 'growht',
    told: "PLT011 There is no owner 'growht' in platform.yaml. did you mean 'growth'?",
  },
  {
    field: 'watches: clicks.mean_stay',
    bare: 'mean_stay',
    declared: 'features/clicks.yaml:8',
    slip: 'mean_sty',
    told: "FEA001 Feature view clicks has no feature 'mean_sty'. did you mean 'mean_stay'?",
  },
  {
    field: 'instead_of: count',
    bare: 'count',
    declared: `${FILE}:13`,
    slip: 'cuont',
    told: "PIP014 Pipeline clicks has no step 'cuont'. did you mean 'count'?",
  },
  {
    field: 'weights: {local: 3}',
    bare: 'local',
    declared: 'platform.yaml:10',
    slip: 'locla',
    told: "PLT010 There is no environment 'locla' in platform.yaml. did you mean 'local'?",
  },
];

const offsetOf = (text: string, field: string, bare: string): number => text.indexOf(field) + field.indexOf(bare);

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

test('the fields are of the language', () => {
  assert.equal(analysisOf(plain).findings, []);
});

for (const { field, bare, declared, slip, told } of fields) {
  const [key = ''] = field.split(':');
  const offset = offsetOf(plain, field, bare);
  const { line, column } = placeOf(plain, offset);

  test(`${key}: an unknown name is told, with the nearest, at its place, and mended`, () => {
    const wrong = plain.replace(field, field.replace(bare, slip));
    const [found, ...others] = analysisOf(wrong).findings;
    assert.equal(others, []);
    assert.is(`${found?.code} ${found?.message} ${found?.help}`, told);
    assert.equal([found?.at.line, found?.at.column], [line, column]);
    const { texts } = applyFixes(found?.fix ? [found.fix] : [], (path) => withText(wrong).get(path));
    assert.is(texts.get(FILE), plain);
  });

  test(`${key}: the name leads to its declaration and to all its uses, and is described`, () => {
    const graph = graphOf(plain);
    const found = findAt(graph, FILE, line, column + 1);
    if (!found) throw new Error('nothing stands there');
    const all = findAll(found, graph);
    const place = all.filter(({ isDefinition }) => isDefinition).map(({ at }) => `${at.file}:${at.line}`);
    assert.equal(place, [declared]);
    assert.ok(all.some(({ at }) => at.file === FILE && at.line === line && at.column === column));
    assert.match(describe(found, graph) ?? '', bare);
  });

  test(`${key}: the name is completed`, () => {
    const started = plain.replace(field, field.replace(bare, bare.slice(0, 2)));
    const found = complete(FILE, started, offset + 2, graphOf(plain));
    const whole = field.slice(field.indexOf(':') + 2).replace(/[[\]{}]| *: *\d+/g, '');
    assert.ok(
      found?.items.some(({ label }) => label === whole),
      `${found?.items.map(({ label }) => label)}`,
    );
  });

  test(`${key}: the name is renamed with its declaration`, () => {
    const graph = graphOf(plain);
    const found = findAt(graph, FILE, line, column + 1);
    if (!found) throw new Error('nothing stands there');
    const edits = rename(found, 'fresh', graph);
    const { texts } = applyFixes([{ title: '', safe: true, edits }], (path) => withText(plain).get(path));
    assert.match(texts.get(FILE) ?? '', field.replace(bare, 'fresh'));
    assert.equal(analyse(asSources(new Map([...withText(plain), ...texts]))).findings, []);
  });
}

test.run();
