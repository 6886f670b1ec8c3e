/** Names that follow from others, under names that try to meet them: a finding, or each is another. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { analyse, emit } from '../compile.ts';
import type { Artifact } from '../render/artifact.ts';
import { runs } from './runs.ts';
import { asSources } from './sources.ts';

const LONG = 'l'.repeat(60);
const NAMES = ['a', 'a_b', 'a__b', 'a_1', 'a_trial', 'train_a', 'score_a', 'a_predictions', 'b__a'];
const SOME = fc.constantFrom(...NAMES, 'b', 'c', 'd', 'stream_a', 'materialize', LONG);
const TOPIC = fc.constantFrom('a', 'a.b', 'a_b', 'a.dead_letter', 'a_dead_letter', 'a-b');

const view = fc.record({ name: SOME, table: SOME, feature: SOME, topic: fc.option(TOPIC), seen: fc.boolean() });
const model = fc.record({ name: SOME, trial: fc.boolean(), batch: fc.boolean(), output: fc.option(SOME) });
const platform = fc.record({
  pipeline: SOME,
  views: fc.uniqueArray(view, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
  models: fc.uniqueArray(model, { minLength: 1, maxLength: 2, selector: ({ name }) => name }),
});
const TRIAL = ', availability: 99%, canary: {alias: next, weights: {champion: 90, trial: 10}, abort_if: {errors: 2%}}';
type Platform = typeof platform extends fc.Arbitrary<infer T> ? T : never;

function filesOf({ pipeline, views, models }: Platform): Map<string, string> {
  const tables = new Set(views.map(({ table }) => table));
  const times = '{timestamp: seen_at, created: known_at}';
  return new Map([
    [
      'platform.yaml',
      'kind: Platform\nformat: 1\nname: shop\ndefaults: {owner: us}\nowners: {us: {}}\nenvironments:\n' +
        '  prod: {runtime: compose, stores: servers, alerting: {webhook: "http://hooks/x"}}\n',
    ],
    ['features/one.yaml', 'kind: Entity\ntype: string\n'],
    ...views.map(({ name, table, feature, topic, seen }): [string, string] => [
      `features/views/${name}.yaml`,
      `kind: FeatureView\nentity: one\nttl: 1d\nbatch: {table: ${table}, ` +
        `${seen ? 'timestamp: at, created: known_at' : times.slice(1, -1)}}\n` +
        `${topic === null ? '' : `stream: {topic: ${topic}}\n`}features: {${feature}: {type: float64}}\n`,
    ]),
    [
      `pipelines/${pipeline}/pipeline.yaml`,
      'kind: Pipeline\nschedule: {cron: "0 * * * *"}\nsteps:\n' +
        '  labels: {run: flow.py:write, writes: {labelled: {one: string, at: timestamp, right: float64}}}\n' +
        [...tables].map((table) => `  write_${table}: {run: flow.py:write, writes: [${table}]}\n`).join(''),
    ],
    [`pipelines/${pipeline}/flow.py`, 'def write():\n    return None\n'],
    ...models.flatMap(({ name, trial, batch, output }): [string, string][] => [
      [
        `models/${name}/model.yaml`,
        'kind: Model\ntask: regression\nlabel: {table: labelled, column: right, timestamp: at, horizon: 1d}\n' +
          `features: [${views.map((each) => `${each.name}.*`).join(', ')}]\n` +
          'train: {run: train.py:fit, holdout: 30d, metric: mae, promote_if: {beats: [baseline], by: 1%}}\n' +
          'serving:\n  missing_features: reject\n' +
          `  online: {timeout: 1s${trial ? TRIAL : ''}}\n` +
          (batch ? `  batch: {entities: labelled${output === null ? '' : `, output: ${output}`}}\n` : ''),
      ],
      [`models/${name}/train.py`, 'def fit(X, y):\n    return None\n'],
    ]),
  ]);
}

/** What two things must not share, by what it is. */
function namesIn(files: readonly Artifact[]): Record<string, string[]> {
  const texts = (form: RegExp): string[] => files.filter(({ path }) => form.test(path)).map(({ content }) => content);
  const matches = (form: RegExp, pattern: RegExp): string[] =>
    texts(form).flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name));
  const [compose = ''] = texts(/prod\/compose\/compose\.yaml$/);
  return {
    container: Object.keys(parse(compose, { merge: true }).services as object),
    dag: matches(/dags\/.*\.py$/, /\bdag_id="([^"]*)"/g),
    dashboard: matches(/grafana\/dashboards\/.*\.json$/, /^ {2}"uid": "([^"]*)"/gm),
    topic: matches(/kafka\/topics.*\.json$/, /"name": "([^"]*)"/g).map((name) => name.replaceAll('.', '_')),
    source: matches(/data_sources\.py$/, /^(\w+_source) =/gm),
  };
}

test('names that follow from others are told, or unique and short enough', () => {
  const found = new Map<string, number>();
  fc.assert(
    fc.property(platform, (given) => {
      const { ir, findings } = analyse(asSources(filesOf(given)));
      const errors = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
      for (const code of new Set(errors)) found.set(code, (found.get(code) ?? 0) + 1);
      if (ir === null) return;
      found.set('compiled', (found.get('compiled') ?? 0) + 1);
      for (const [kind, names] of Object.entries(namesIn(emit(ir)))) {
        assert.is(new Set(names).size, names.length, `${kind}: ${names.join(', ')}`);
        if (kind === 'container') for (const name of names) assert.ok(name.length <= 63, name);
      }
    }),
    runs(120),
  );
  console.log(`figure: adversarial names: ${[...found].map((entry) => entry.join(' ')).join(', ')}`);
  assert.ok((found.get('compiled') ?? 0) > 10);
});

test.run();
