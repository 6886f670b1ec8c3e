import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import { readSources } from '../source/read.ts';
import { BASE } from '../test/cases.ts';

test('a classifier predicts a probability, whatever the type of its label', () => {
  const { ir } = analyse(readSources(BASE));
  const churn = ir?.models.find(({ name }) => name === 'churn');
  assert.is(churn?.task, 'classification');
  assert.is(churn?.label.type, 'bool');
  assert.equal(churn?.output, { name: 'prediction', type: 'float64' });
  const scored = ir?.tables.find(({ name }) => name === churn?.batch?.output);
  assert.is(scored?.columns.find(({ name }) => name === 'prediction')?.type, 'float64');
});

test.run();
