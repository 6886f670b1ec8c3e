import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { State } from '../diff/state.ts';
import type { Live } from '../tools/live.ts';
import { type Compared, driftOf } from './drift.ts';

const live = { note: () => {} } as unknown as Live;
const at = (version: string): State => new Map([['serving/api/m', { version }]]);

/** Something whose versions are these, one after the other, and should be 2. */
function served(versions: string[], looks: number): { side: Compared; asked(): number } {
  let asked = 0;
  const side: Compared = {
    name: 'serving',
    after: [],
    isIn: () => true,
    desired: async () => at('2'),
    observe: async () => at(versions[Math.min(asked++, versions.length - 1)] ?? ''),
    looks,
  };
  return { side, asked: () => asked };
}

test('what follows by itself is looked at again before it counts as a difference', async () => {
  const following = served(['1', '2'], 3);
  const [found] = await driftOf([following.side], live);
  assert.equal([found?.differences.length, following.asked()], [0, 2]);
});

test('what stays behind is a difference, and what does not follow is looked at once', async () => {
  for (const looks of [2, 1]) {
    const behind = served(['1'], looks);
    const [found] = await driftOf([behind.side], live);
    assert.equal([found?.differences.length, behind.asked()], [1, looks]);
  }
});

test.run();
