import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import { readSources } from '../source/read.ts';
import { BASE } from '../test/cases.ts';
import { readRepository } from '../test/faults/repository.ts';
import { asSources } from '../test/sources.ts';

test('a classifier predicts a probability, whatever the type of its label', () => {
  const { ir } = analyse(readSources(BASE));
  const churn = ir?.models.find(({ name }) => name === 'churn');
  assert.is(churn?.task, 'classification');
  assert.is(churn?.label.type, 'bool');
  assert.equal(churn?.output, { name: 'prediction', type: 'float64' });
  const scored = ir?.tables.find(({ name }) => name === churn?.batch?.output);
  assert.is(scored?.columns.find(({ name }) => name === 'prediction')?.type, 'float64');
});

test("a model's digest is also of its views, its own part of none", () => {
  const files = readRepository(join(import.meta.dirname, '../test/faults/flights'));
  const digests = (path: string, from: string, to: string): string[] => {
    const text = files.get(path) ?? '';
    assert.ok(text.includes(from), `${path} has no '${from}'`);
    const model = analyse(asSources(new Map([...files, [path, text.replace(from, to)]]))).ir?.models[0];
    return model ? [model.ownDigest, model.specDigest] : [];
  };
  const view = 'features/plane_delays.yaml';
  const [own, whole] = digests(view, 'ttl: 7d', 'ttl: 7d');
  for (const [from, to] of [
    ['ttl: 7d', 'ttl: 8d'],
    ['created: ingested_at', 'created: observed_at'],
    ['batch: {', 'batch: {table: airport_delays, '],
    ['departures_24h: {type: int64', 'departures_24h: {type: float64'],
  ] as const) {
    const [ownOfOther, wholeOfOther] = digests(view, from, to);
    assert.is(ownOfOther, own, to);
    assert.type(wholeOfOther, 'string', to);
    assert.is.not(wholeOfOther, whole, to);
  }
  const [ownOfOther, wholeOfOther] = digests('models/departure_delay/model.yaml', 'holdout: 60d', 'holdout: 61d');
  assert.is.not(ownOfOther, own);
  assert.is.not(wholeOfOther, whole);
});

test.run();
