import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlainObject, stateOf } from '../diff/state.ts';
import type { Live, LiveSide } from '../tools/live.ts';
import { bring } from './bring.ts';

/**
 * A tool that keeps objects in memory; `stubborn` ones it takes and does not keep, `precious` ones it does not delete.
 */
class Shelf {
  objects: Record<string, PlainObject>;
  applied: string[][] = [];
  observed = 0;
  readonly side: LiveSide;

  constructor(
    objects: Record<string, PlainObject>,
    desired: Record<string, PlainObject>,
    { stubborn = '', precious = '' } = {},
  ) {
    this.objects = objects;
    this.side = {
      name: 'shelf',
      after: [],
      patience: 0,
      isIn: () => true,
      desired: async () => stateOf(desired),
      observe: async () => {
        this.observed += 1;
        return stateOf({ ...this.objects });
      },
      apply: async (_live, changes) => {
        this.applied.push(changes.map(({ kind, address }) => `${kind} ${address}`));
        for (const { address, desired: wanted } of changes)
          if (address !== stubborn && address !== precious) this.put(address, wanted);
        return { done: 'tidied up', left: precious ? { [precious]: 'somebody needs it' } : {} };
      },
      check: async (_, { size }) => `${size} on the shelf`,
    };
  }

  private put(address: string, wanted: PlainObject | null): void {
    if (wanted === null) delete this.objects[address];
    else this.objects[address] = wanted;
  }
}

const live = { note: () => {} } as unknown as Live;

test('what is missing, differs or is foreign is applied, and only that; the second time nothing is', async () => {
  const shelf = new Shelf({ b: { x: 1 }, c: { x: 1 }, d: {} }, { a: {}, b: { x: 2 }, c: { x: 1 } });
  const first = await bring(shelf.side, live);
  assert.is(first.summary, 'tidied up; 3 on the shelf');
  const second = await bring(shelf.side, live);
  assert.equal(second, { changes: [], left: {}, later: 0, summary: 'nothing changed; 3 on the shelf' });
  assert.equal(shelf.applied, [['create a', 'update b', 'delete d']]);
  assert.is(shelf.observed, 3, 'once before each, and once after what was applied');
});

test('a tool that does not keep what was asked for stops the deploy, which says what differs', async () => {
  const shelf = new Shelf({ b: { x: 1 } }, { a: {}, b: { x: 2 } }, { stubborn: 'b' });
  try {
    await bring(shelf.side, live);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'it did not become what was asked for: b: x is 1 instead of 2.');
  }
});

test('what is left to people is said each time, and is no failure', async () => {
  const shelf = new Shelf({ old: {} }, { a: {} }, { precious: 'old' });
  const first = await bring(shelf.side, live);
  assert.equal(
    first.changes.map(({ address }) => address),
    ['a'],
  );
  assert.is(first.summary, 'tidied up; left old: somebody needs it; 2 on the shelf');
  assert.equal((await bring(shelf.side, live)).changes, []);
});

test('what is to be deleted waits where it is told to, and what no release asked for is never deleted', async () => {
  const shelf = new Shelf({ old: {}, theirs: {} }, { a: {} });
  const asked: string[] = [];
  const isOurs = (address: string) => address === 'old';
  const scope = { isOurs, asking: (addresses: Iterable<string>) => void asked.push(...addresses) };
  const first = await bring(shelf.side, live, { ...scope, deletes: false });
  assert.equal([first.later, Object.keys(first.left), asked], [1, ['theirs'], ['a']]);
  assert.equal(Object.keys(shelf.objects), ['old', 'theirs', 'a']);
  assert.is((await bring(shelf.side, live, scope)).later, 0);
  assert.equal(Object.keys(shelf.objects), ['theirs', 'a']);
  assert.equal(shelf.applied, [['create a'], ['delete old']]);
});

test.run();
