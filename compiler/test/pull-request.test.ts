/** A pull request as a team would open it, and what its plan says: kept as a text, read before it is committed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import type { Ir } from '../ir/types.ts';
import { planDocument } from '../plan/document.ts';
import { planOf } from '../plan/plan.ts';
import { planText } from '../plan/text.ts';
import type { Side } from '../plan/types.ts';
import { planComment } from '../review/comment.ts';
import { planPage } from '../review/page.ts';
import { type Edits, fixtureSources } from './fixture.ts';

const golden = (name: string): string => join(import.meta.dirname, `pull-request.${name}`);

/** A feature's type is narrowed, a schedule slowed, a view renamed, a model added, a function changed. */
const PULL_REQUEST: Edits = {
  'features/plane_delays.yaml': [['last_delay: {type: float64', 'last_delay: {type: int64']],
  'features/carrier_delays.yaml': [['name: carrier_delays', 'name: airline_delays']],
  'pipelines/flights/pipeline.yaml': [
    ['cron: "20 * * * *"', 'cron: "20 */3 * * *"'],
    ['writes: [carrier_delays]', 'writes: [airline_delays]'],
  ],
  'pipelines/flights/derive.py': [
    ['"""Columns: tail_number, observed_at, last_delay."""', 'return flights.groupby("tail_number").last().round()'],
  ],
  'pipelines/report/pipeline.yaml': [
    ['after: [carrier_delays, cancellations]', 'after: [airline_delays, cancellations]'],
    ['reads: [carrier_delays, cancellations]', 'reads: [airline_delays, cancellations]'],
    ['views: [carrier_delays]', 'views: [airline_delays]'],
  ],
  'pipelines/report/report.py': [['carrier_delays', 'airline_delays']],
  'models/departure_delay/model.yaml': [
    ['features: [carrier_delays.*, plane_delays.*]', 'features: [airline_delays.*, plane_delays.*]'],
    ['after: [carrier_delays, plane_delays]', 'after: [airline_delays, plane_delays]'],
  ],
  'monitoring/checkout.yaml': [
    ['{view=~"carrier_.+"} > 5e3', '{view=~"airline_.+"} > 5e3'],
    [`{view=~"carrier_.+"}'}`, `{view=~"airline_.+"}'}`],
  ],
  'models/taxi_time/model.yaml': `kind: Model
description: Minutes on the ground before take-off.
task: regression
label: {table: flights, column: dep_delay, timestamp: scheduled_at, horizon: 1h}
features: [plane_delays.*]
train: {run: train.py:fit, holdout: 30d, metric: mae, promote_if: {beats: [baseline], by: 1%}}
serving: {missing_features: allow, batch: {entities: flights, window: 1d, schedule: {after: [flights]}}}
`,
  'models/taxi_time/train.py': 'def fit(X, y):\n    return X\n',
};

function sideOf(edits: Edits): Side {
  const sources = fixtureSources(edits);
  const { ir, findings } = analyse(sources);
  assert.ok(ir, findings.map(({ message }) => message).join('; '));
  return { ir: ir as Ir, code: sources.code, locks: sources.locks };
}

function keep(name: string, text: string): void {
  if (process.env['UPDATE_GOLDENS']) writeFileSync(golden(name), text);
  assert.is(text, readFileSync(golden(name), 'utf8'));
}

test('the plan of a pull request lets a reviewer decide', () => {
  const plan = planOf(sideOf({}), sideOf(PULL_REQUEST), { rows: { flights: 1_200_000, plane_delays: 310_000 } });
  const text = planText(plan);
  keep('txt', text);
  assert.equal(JSON.parse(JSON.stringify(plan)), plan, 'it is plain data');
});

test('its comment says the verdict first, and its page the same', () => {
  const plan = planOf(sideOf({}), sideOf(PULL_REQUEST));
  const notes = ['Compared with 79d02ef0a4c1 (where HEAD left origin/main).'];
  const document = planDocument({ base: null, head: null, notes }, plan, []);
  keep('md', planComment(document));
  keep('html', planPage(document));
});

test.run();
