import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import { readSources } from '../source/read.ts';
import { BASE } from '../test/cases.ts';
import { asSources } from '../test/sources.ts';

const VIEW = `kind: FeatureView
entity: till
ttl: 7d
batch: {table: visits, timestamp: at}
features: {visitors: {type: int64}}
`;

/** What each step of the pipeline waits for. */
function needsOf(steps: string): Record<string, string[]> {
  const base = readSources(BASE);
  const more = asSources(
    new Map([
      ['features/till.yaml', 'kind: Entity\ntype: string\n'],
      ['features/visits.yaml', VIEW],
      ['pipelines/visits/pipeline.yaml', `kind: Pipeline\nschedule: {cron: "0 6 * * *"}\nsteps:\n${steps}`],
    ]),
  );
  const { graph } = analyse({ ...base, specs: [...base.specs, ...more.specs] });
  const found = graph && [...graph.resolved.values()].find(({ pipeline }) => pipeline.name === 'visits');
  if (!found) throw new Error('there is no such pipeline');
  return Object.fromEntries(found.pipeline.steps.map(({ name, needs }) => [name, needs]));
}

const COUNT = '  count: {run: count.py:run, writes: [visits]}\n';
const CHECK = '  check: {run: check.py:run, reads: [visits]}\n';

test('a step that reads a table and writes none is a check, which comes before the table is online', () => {
  assert.equal(needsOf(COUNT + CHECK), { count: [], check: ['count'], materialize: ['check', 'count'] });
});

test('so it is where materialisation is written by hand', () => {
  const written = '  online: {uses: materialize, views: [visits], needs: count}\n';
  assert.equal(needsOf(COUNT + CHECK + written).online, ['check', 'count']);
});

test('a step that waits for materialisation looks at what is online, and checks nothing before it', () => {
  const written = '  online: {uses: materialize, views: [visits], needs: count}\n';
  const smoke =
    '  smoke: {run: smoke.py:run, reads: [visits], needs: later}\n  later: {run: later.py:run, needs: online}\n';
  assert.equal(needsOf(COUNT + written + smoke).online, ['count']);
});

test('a step that derives another table is no check', () => {
  const derive = '  derive: {run: derive.py:run, reads: [visits], writes: [sums]}\n';
  assert.equal(needsOf(COUNT + derive).materialize, ['count']);
});

test.run();
