import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertGoldens } from '../../test/goldens.ts';
import { ir } from '../fixture.ts';
import { notebook } from './emit.ts';

test('what notebook gets for the fixture is what its golden files hold', () => {
  assertGoldens(notebook, join(import.meta.dirname, 'golden'));
});

test('a cell keeps its id whatever it says, and a classifier is judged as one', () => {
  const cellsOf = (models: typeof ir.models): { id: string; source: string[] }[] =>
    JSON.parse(notebook.emitCommon({ ...ir, models })[0]?.content ?? '').cells;
  const regression = cellsOf(ir.models);
  const classification = cellsOf(
    ir.models.map((model) => ({ ...model, task: 'classification', description: 'Will it be late?' })),
  );
  const ids = (cells: { id: string }[]): string[] => cells.map(({ id }) => id);
  assert.equal(
    ids(classification),
    ids(regression).map((id) => (id === 'regression' ? 'classification' : id)),
  );
  assert.is(new Set(ids(regression)).size, regression.length);
  assert.match(classification.find(({ id }) => id === 'classification')?.source.join('') ?? '', 'log_loss');
});

test.run();
