import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import { readSources } from '../source/read.ts';
import { BASE } from '../test/cases.ts';
import { asSources } from '../test/sources.ts';
import { type ResolvedGraph, resolve } from './resolve.ts';
import { endsOf, rhythmsOf } from './rhythm.ts';

function graphOf(files: [path: string, text: string][]): ResolvedGraph {
  const base = readSources(BASE);
  const more = asSources(new Map(files));
  const { graph } = analyse({ ...base, specs: [...base.specs, ...more.specs] });
  if (!graph) throw new Error('there is no graph');
  return graph;
}

/** Each level waits for two tables of the one before: as many ways from the first to the last as 2 to the depth. */
const diamonds = (depth: number): [string, string][] =>
  Array.from({ length: depth }, (_, level) => [
    `pipelines/level_${level}/pipeline.yaml`,
    `kind: Pipeline
schedule: ${level === 0 ? '{cron: "0 * * * *"}' : `{after: [left_${level - 1}, right_${level - 1}]}`}
steps:
  left: {run: left.py:run, writes: [left_${level}], timeout: 1m}
  right: {run: right.py:run, writes: [right_${level}], timeout: 2m, needs: left}
`,
  ]);

test('what follows others is as slow as they are, and done after them', () => {
  const rhythms = rhythmsOf(graphOf(diamonds(3)).resolved.values());
  assert.equal(rhythms.get('left_0'), { interval: 3600, takes: 60 });
  assert.equal(rhythms.get('right_0'), { interval: 3600, takes: 180 });
  assert.equal(rhythms.get('left_2'), { interval: 3600, takes: 420 });
});

test('pipelines that wait for two tables of the one before are each looked at once, however deep', () => {
  const looks = (depth: number): number => {
    const graph = graphOf(diamonds(depth));
    let count = 0;
    const counted = [...graph.resolved.values()].map((each) => ({
      ...each,
      pipeline: {
        ...each.pipeline,
        get schedule() {
          count += 1;
          return each.pipeline.schedule;
        },
      },
    }));
    assert.equal(rhythmsOf(counted).get(`right_${depth - 1}`), { interval: 3600, takes: 180 * depth });
    return count / graph.resolved.size;
  };
  assert.is(looks(40), looks(5));
});

test('a circle has no rhythm, nor has what follows it', () => {
  const graph = graphOf([
    [
      'pipelines/one/pipeline.yaml',
      'kind: Pipeline\nschedule: {after: [b]}\nsteps: {write: {run: a.py:a, writes: [a]}}\n',
    ],
    [
      'pipelines/two/pipeline.yaml',
      'kind: Pipeline\nschedule: {after: [a]}\nsteps: {write: {run: b.py:b, writes: [b]}}\n',
    ],
    [
      'pipelines/then/pipeline.yaml',
      'kind: Pipeline\nschedule: {after: [b]}\nsteps: {write: {run: c.py:c, writes: [c]}}\n',
    ],
  ]);
  const rhythms = rhythmsOf(graph.resolved.values());
  for (const table of ['a', 'b', 'c']) assert.is(rhythms.get(table), undefined);
});

test('a model has its training and scoring, unless a written pipeline does that work', () => {
  const own = graphOf([]);
  assert.equal(
    own.derived.map(({ pipeline }) => pipeline.name),
    ['train_churn', 'score_churn'],
  );
  const written = graphOf([
    ['pipelines/scores/pipeline.yaml', 'kind: Pipeline\nsteps: {score: {uses: score, model: churn}}\n'],
  ]);
  assert.equal(
    written.derived.map(({ pipeline }) => pipeline.name),
    ['train_churn'],
  );
  assert.is(resolve(written).resolved.get('scores')?.pipeline.derivedFrom, null);
});

test('a step ends after the slowest that it needs', () => {
  const graph = graphOf(diamonds(1));
  const pipeline = graph.resolved.get('level_0')?.pipeline;
  assert.equal(pipeline && [...endsOf(pipeline)], [
    ['left', 60],
    ['right', 180],
  ]);
});

test.run();
