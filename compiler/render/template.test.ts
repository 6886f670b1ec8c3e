import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { counted } from '../test/counting.ts';
import { runs } from '../test/runs.ts';
import type { Encoded, Line } from './encoded.ts';
import { fillSlots, parseTemplate } from './template.ts';
import { displayWidth } from './width.ts';

const refused: [title: string, template: string][] = [
  ['a value without an encoder', 'x = {{value}}'],
  ['three braces', 'x = {{{py value}}}'],
  ['an ampersand', 'x = {{& py value}}'],
  ['a helper that is no encoder', "x = {{lookup this 'value'}}"],
  ['an encoder of nothing', 'x = {{py}}'],
  ['an encoder of a helper of a value', 'x = {{py (lookup this value)}}'],
  ['options', 'x = {{py value width=80}}'],
  ['a partial', '{{> header}}'],
  ['a block of its own', '{{#with value}}x{{/with}}'],
  ['a raw value in a block', '{{#each values}}{{this}}{{/each}}'],
  ['a raw value in an else', '{{#if value}}x{{else}}{{value}}{{/if}}'],
];

for (const [title, template] of refused) {
  test(`a template is refused for ${title}`, () => {
    assert.throws(() => parseTemplate(template, 'dag.py.hbs'), /dag\.py\.hbs:1: /);
  });
}

test('two numbers side by side are not added', () => {
  assert.is(parseTemplate<{ a: number; b: number }>('{{py a}}{{py b}}', 'x')({ a: 1, b: 2 }), '12');
});

test('a value that is missing is an error, not an empty text', () => {
  assert.throws(() => parseTemplate<object>('{{py value}}', 'x')({}), /x: {{py …}} was given no value/);
});

test('a value is laid out for the place where it stands, in blocks too', () => {
  const template = parseTemplate<{ values: string[][] }>(
    'if True:\n{{#each values}}\n    x = {{py this}}\n{{/each}}\n',
    'x',
  );
  const long = ['a'.repeat(60), 'b'.repeat(60)];
  assert.is(template({ values: [long] }), `if True:\n    x = [\n        "${long[0]}",\n        "${long[1]}",\n    ]\n`);
});

test('what looks like a template in a value stays text', () => {
  const value = '{{py other}} \u0000 0 \u0000';
  assert.is(parseTemplate<{ value: string }>('x = {{py value}}', 'x')({ value }), 'x = "{{py other}} \\x00 0 \\x00"');
});

/** Where a slot stands, told by the slot itself; laid out, it takes the lines that it was given. */
const spy = (inline: string, laidOut: string, seen: Line[]): Encoded => ({
  inline,
  layOut: (line) => {
    seen.push(line);
    return laidOut;
  },
});

const piece = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '漢', '\u0301'), maxLength: 6 });

test('a value is told its place: what its line holds before it, and what will follow', () => {
  fc.assert(
    fc.property(piece, fc.array(fc.tuple(piece, piece, piece)), (start, rest) => {
      const seen: Line[] = [];
      const slots = rest.map(([inline, laidOut]) => spy(inline, laidOut, seen));
      const text = start + rest.map(([, , after], index) => `\0${index}\0${after}`).join('');
      fillSlots(text, slots);
      assert.equal(
        seen,
        rest.map((_, index) => {
          const before =
            start +
            rest
              .slice(0, index)
              .map(([, laidOut, after]) => laidOut + after)
              .join('');
          const line = before.slice(before.lastIndexOf('\n') + 1);
          const following =
            (rest[index]?.[2] ?? '') +
            rest
              .slice(index + 1)
              .map(([one, , two]) => one + two)
              .join('');
          return {
            indent: line.length - line.trimStart().length,
            column: displayWidth(line),
            after: displayWidth(following.split('\n')[0] ?? ''),
          };
        }),
      );
    }),
    runs(100),
  );
});

test('each of many values on one line is looked at once', () => {
  const readsOf = (count: number): number => {
    const { value, reads } = counted(
      Array.from({ length: count }, (): Encoded => ({ inline: 'x', layOut: () => 'x' })),
    );
    fillSlots(value.map((_, index) => `\0${index}\0`).join(', '), value);
    return reads();
  };
  const [few, more, most] = [100, 200, 400].map(readsOf) as [number, number, number];
  assert.ok(few > 100);
  assert.ok(most - more <= 2 * (more - few), `${few}, ${more}, ${most} reads`);
});

test.run();
