/** What a release asks for, beside what the real stores of a machine hold; and that it goes by its name alone. */
import * as assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import { platformEnvironment } from '../../compiler/operate/supervisor/units.ts';
import planSchema from '../../compiler/plan/plan.schema.json' with { type: 'json' };
import { liveContext } from '../../compiler/release/context.ts';
import { holdings, leftBeside, recordData } from '../../compiler/release/data.ts';
import { askPython } from '../../compiler/test/python-batch.ts';
import { lineOf } from '../../compiler/tools/data.ts';
import { checkout, stopAndRemove } from './checkout.ts';

const workspace = checkout('local', []);
const compiled = (path: string): string => join(workspace.root, 'generated/common', path);
const tables = readdirSync(compiled('runtime/tables')).map((each) => each.replace('.json', ''));

const [gone = '', stays = ''] = tables;

test.after(() => stopAndRemove(workspace));

test('every kind of a repository is asked for by name, and nothing that is asked for is a candidate', async () => {
  recordData(workspace, holdings.kinds);
  const { asked, candidates, found } = await leftBeside(workspace, holdings);
  assert.deepEqual([candidates, found], [[], []]);
  const kinds = [...new Set([...asked].map((each) => each.split(':')[0]))].sort();
  assert.deepEqual(kinds, ['experiment', 'model', 'online', 'predictions', 'table']);
  assert.deepEqual(
    [...asked].filter((each) => each.startsWith('table:')).sort(),
    tables.map((each) => `table:${each}`),
  );
});

test('what reads another is dropped before it, so it comes first', () => {
  const kinds = holdings.kinds.map(({ kind }) => kind);
  const [model, experiment, table] = ['model', 'experiment', 'table'].map((each) => kinds.indexOf(each));
  assert.ok(Number(model) < Number(experiment) && Number(model) < Number(table), kinds.join());
});

test('a table that specs ask for no more is named with its rows and writer, and dropped by its name', async () => {
  const script = `
import pandas as pd
from mlops_runtime.environment import Workspace
from mlops_runtime.tables import snapshots, warehouse
import pyarrow as pa
root, names = questions
w = Workspace.open({"MLOPS_ROOT": root, **__import__("os").environ})
for name in names:
    digest = snapshots.write(w, name, pa.table({"a": [1, 2, 3]}))
    warehouse._describe(w, warehouse.Snapshot(name, digest, 3, None, "flights.ingest"))
    warehouse._show(w, name, digest)
answers = None
`;
  askPython(script, [workspace.root, [gone, stays]], platformEnvironment(workspace));
  const contract = compiled(`runtime/tables/${gone}.json`);
  const text = readFileSync(contract, 'utf8');
  rmSync(contract);
  const { candidates, found } = await leftBeside(workspace, holdings);
  assert.deepEqual(candidates, [`table:${gone}`]);
  assert.match(
    found.map(lineOf).join(),
    new RegExp(
      `^data: table:${gone} \\(3 rows, \\d+ B, last written 20.* UTC by flights\\.ingest\\) is not asked for any `,
    ),
  );
  const schema = { $defs: planSchema.$defs, $ref: '#/$defs/left_data' };
  const validate = new Ajv({ strict: false }).compile(schema);
  assert.ok(
    found.every((each) => validate(each)),
    JSON.stringify(validate.errors),
  );
  const live = liveContext(workspace, () => {});
  await holdings.drop(live, `table:${gone}`);
  assert.deepEqual((await leftBeside(workspace, holdings)).found, []);
  const warehouse = join(workspace.state, 'warehouse');
  assert.ok(!existsSync(join(warehouse, `${gone}.parquet`)) && existsSync(join(warehouse, `${stays}.parquet`)));
  writeFileSync(contract, text);
  assert.deepEqual((await leftBeside(workspace, holdings)).candidates, []);
});

test.run();
