import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inOrder } from './in-order.ts';

const named = (name: string, ...needs: string[]) => ({ name, needs });
const names = (steps: { name: string; needs: string[] }[]): string =>
  inOrder(steps)
    .map(({ name }) => name)
    .join(' ');

test('each step comes after what it needs, and among equals by name', () => {
  assert.is(names([named('c'), named('b', 'c'), named('a', 'b'), named('d')]), 'c b a d');
  assert.is(names([named('z'), named('a', 'z'), named('m')]), 'm z a');
});

test('what waits in a circle or for nothing that is there comes last', () => {
  assert.is(names([named('a', 'b'), named('b', 'a'), named('c', 'missing'), named('d')]), 'd a b c');
});

test('every need is read as often in a long chain as in a short one', () => {
  const reads = (length: number): number => {
    let count = 0;
    const steps = Array.from({ length }, (_, at) => ({
      name: `s${String(length - at).padStart(6, '0')}`,
      get needs() {
        count += 1;
        return at === 0 ? [] : [`s${String(length - at + 1).padStart(6, '0')}`];
      },
    }));
    assert.is(inOrder(steps).length, length);
    return count / length;
  };
  assert.is(reads(2000), reads(20));
});

test.run();
