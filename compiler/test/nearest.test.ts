/** Near names are found without comparing every pair, and are those that comparing every pair would find. */
import fc from 'fast-check';
import { distance } from 'fastest-levenshtein';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nearest, spelling } from '../diagnostics/nearest.ts';

function isSwap(a: string, b: string): boolean {
  const differing = a.split('').flatMap((letter, index) => (letter === b[index] ? [] : [index]));
  const [first = 0, second = 0] = differing;
  const isPair = a.length === b.length && differing.length === 2 && second === first + 1;
  return isPair && a[first] === b[second] && a[second] === b[first];
}

const closeness = (a: string, b: string): number =>
  Math.min(isSwap(a, b) ? 1 : Number.POSITIVE_INFINITY, distance(a.toLowerCase(), b.toLowerCase()));

/** Those at the least distance, by comparing every pair. */
function oracle(name: string, candidates: readonly string[]): string[] {
  const limit = Math.min(3, Math.max(1, Math.floor(name.length / 3)));
  const others = [...new Set(candidates)].filter((each) => each !== name);
  const least = Math.min(limit, ...others.map((each) => closeness(name, each)));
  const all = others.filter((each) => closeness(name, each) === least).sort();
  const begins = (each: string): boolean => {
    const most = Math.max(...all.map((other) => commonLength(name, other)));
    return commonLength(name, each) === most;
  };
  return [...all.filter(begins), ...all.filter((each) => !begins(each))];
}

/** Of the longest beginning of both. */
const commonLength = (a: string, b: string): number =>
  Math.max(
    ...[...a].map((_, index) => (b.toLowerCase().startsWith(a.toLowerCase().slice(0, index + 1)) ? index + 1 : 0)),
  );

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '_', '1'), minLength: 1, maxLength: 9 });

test('the nearest name is the one that comparing every pair finds, and safe where it is the only one', () => {
  fc.assert(
    fc.property(letters, fc.array(letters, { maxLength: 12 }), (name, candidates) => {
      const [near, ...others] = oracle(name, candidates);
      assert.is(nearest(name, candidates), near ?? null);
      assert.is(nearest(name, new Set(candidates)), near ?? null);
      assert.is(spelling(name, candidates).fix?.safe, near === undefined ? undefined : others.length === 0);
    }),
    { numRuns: 5000, seed: 13 },
  );
});

test('what a typist does to a name leads back to it', () => {
  const names = ['departure_delay', 'mean_delay_1h', 'carrier'];
  for (const [typed, meant] of [
    ['departure_dealy', 'departure_delay'],
    ['mean_delay1h', 'mean_delay_1h'],
    ['Carier', 'carrier'],
    ['bus', null],
  ] as const)
    assert.is(nearest(typed, names), meant);
});

test('names that are asked for again and again are gone through once', () => {
  let counted = 0;
  class Counting extends Map<string, number> {
    override keys() {
      counted += 1;
      return super.keys();
    }
  }
  const names = new Counting(Array.from({ length: 5000 }, (_, index) => [`clicks_${index}`, index]));
  for (let index = 0; index < 5000; index += 1) assert.is(nearest(`clikcs_${index}`, names), `clicks_${index}`);
  assert.is(counted, 1);
  names.set('clicks_later', 0);
  assert.is(nearest('clikcs_later', names), 'clicks_later');
  assert.is(counted, 2);
});

test('of names that are as near, the one that begins as what was written is offered', () => {
  assert.is(nearest('4222', ['222', '402', '422', '500']), '422');
  assert.is(nearest('ordesr_7d', ['xrders_7d', 'orders_7d']), 'orders_7d');
  assert.is(nearest('b1', ['b3', 'b2']), 'b2');
});

test('very long names overflow nothing', () => {
  const long = 'a'.repeat(60_000);
  assert.is(nearest(`${long}b`, [long]), null);
  assert.is(nearest('b'.repeat(200), ['b'.repeat(201)]), 'b'.repeat(201));
});

test.run();
