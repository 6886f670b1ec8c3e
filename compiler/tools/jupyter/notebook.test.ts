import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fixtureIr } from '../../test/fixture.ts';
import { notebook } from './tool.ts';

test('a cell keeps its id whatever it says, and a classifier is judged as one', () => {
  const notebooks = new Map(notebook.emitCommon(fixtureIr()).map(({ path, content }) => [path, content]));
  const cellsOf = (model: string): { id: string; source: string[] }[] =>
    JSON.parse(notebooks.get(`common/notebook/${model}.ipynb`) ?? '').cells;
  const regression = cellsOf('departure_delay');
  const classification = cellsOf('cancellation');
  const ids = (cells: { id: string }[]): string[] => cells.map(({ id }) => id);
  assert.equal(
    ids(classification),
    ids(regression).map((id) => (id === 'regression' ? 'classification' : id)),
  );
  assert.is(new Set(ids(regression)).size, regression.length);
  assert.match(classification.find(({ id }) => id === 'classification')?.source.join('') ?? '', 'log_loss');
});

test.run();
