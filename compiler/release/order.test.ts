import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LiveSide } from '../tools/live.ts';
import { inOrder, inStages } from './order.ts';

const side = (name: string, ...after: string[]): LiveSide => ({
  name,
  after,
  patience: 0,
  isIn: () => true,
  desired: async () => new Map(),
  observe: async () => new Map(),
  apply: async () => ({ done: '' }),
  check: async () => '',
});
const names = (sides: LiveSide[]) => inOrder(sides).map(({ name }) => name);

test('what is needed comes first, otherwise the order of names; what is not there holds nobody up', () => {
  assert.equal(names([side('c'), side('a', 'b'), side('b', 'absent')]), ['b', 'a', 'c']);
});

test('live sides that wait for each other are a bug, and said to be', () => {
  assert.throws(() => names([side('a', 'b'), side('b', 'a')]), /the live sides a, b wait for each other/);
});

test('a deploy goes through stages, one-way things first; one that waits for a later stage is a bug', () => {
  const first = { ...side('z'), stage: 'one-way things' as const };
  const found = inStages([side('a'), first, { ...side('b', 'z'), stage: 'pipelines' as const }]);
  assert.equal(
    found.map(({ stage, sides }) => [stage, ...sides.map(({ name }) => name)]),
    [
      ['one-way things', 'z'],
      ['pipelines', 'b'],
      ['rules and dashboards', 'a'],
    ],
  );
  assert.throws(() => inStages([{ ...first, after: ['a'] }, side('a')]), /the live side z waits for one of a later/);
});

test.run();
