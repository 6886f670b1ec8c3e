import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Budget, DeadlineExceeded, withinDeadline } from './deadline.ts';

const endless = (): never => {
  for (;;);
};
const isExceeded = (problem: unknown): boolean => problem instanceof DeadlineExceeded;

test('what returns in time is returned, and what throws throws', () => {
  assert.is(
    withinDeadline(10_000, () => 3),
    3,
  );
  assert.throws(
    () =>
      withinDeadline(10_000, () => {
        throw new TypeError('own');
      }),
    (problem: unknown) => problem instanceof TypeError,
  );
});

test('an endless loop and an exponential regular expression are ended', () => {
  assert.throws(() => withinDeadline(50, endless), isExceeded);
  assert.throws(() => withinDeadline(50, () => /^(a+)+$/.test(`${'a'.repeat(50)}!`)), isExceeded);
});

test('a budget that is used up lets nothing more begin', () => {
  const budget = new Budget({ all: 60, each: 40 });
  let begun = 0;
  const work = (): never => {
    begun += 1;
    return endless();
  };
  for (let round = 0; round < 100; round += 1) assert.throws(() => budget.spend(work), isExceeded);
  assert.ok(begun < 20, `${begun} works were begun`);
});

test('a work that the machine kept waiting is tried again, for longer', () => {
  const budget = new Budget({ all: 4_000, each: 800 });
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let begun = 0;
  const waiting = (): number => {
    begun += 1;
    // Waits without using the processor, as a process does whose turn it is not.
    Atomics.wait(cell, 0, 0, begun < 2 ? 10_000 : 1);
    return begun;
  };
  assert.is(budget.spend(waiting), 2);
});

test.run();
