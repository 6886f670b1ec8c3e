import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { runs } from '../test/runs.ts';
import { MAX_DEPTH, overLimit } from './limits.ts';

const tooDeep = (text: string): boolean => overLimit(text)?.reason.startsWith('it is nested deeper') === true;
const levels = (count: number, text: (level: number) => string): string =>
  Array.from({ length: count }, (_, level) => text(level)).join('');

test('brackets in texts, block scalars and comments open nothing', () => {
  for (const text of [
    'description: "share, in [0, 1)"',
    "description: 'a [ b'",
    'description: share in [0, 1)',
    `description: "${'{'.repeat(99)}"`,
    `description: '${'['.repeat(99)}'`,
    `description: x ${'{{'.repeat(50)}`,
    `a: 1 # ${'[{'.repeat(50)}`,
    `a: |\n  ${'['.repeat(99)}\n  ${'{'.repeat(99)}\nb: 1`,
    `a: >-\n${levels(40, (level) => `${' '.repeat(level + 2)}[\n`)}`,
    `a: |\n${levels(40, (level) => `${' '.repeat(level + 2)}- x\n`)}`,
    `a: "one\n${levels(40, (level) => `${' '.repeat(level + 1)}more\n`)}"`,
    `a:\n${levels(200, (each) => `  - text ${each} (of [0, ${each}))\n`)}`,
  ])
    assert.is(overLimit(text), null, text.slice(0, 60));
});

test('however many brackets a text or comment holds, and however it is written, it opens nothing', () => {
  const contexts: ((brackets: string) => string)[] = [
    (brackets) => `description: "share, ${brackets} in \\"quotes\\", of"`,
    (brackets) => `description: 'it''s ${brackets} # no comment'`,
    (brackets) => `description: share of ${brackets} 1)`,
    (brackets) => `description: share\n  of ${brackets}\n  all`,
    (brackets) => `description: >\n  share\n  ${brackets}\nb: 1`,
    (brackets) => `description: |+\n  ${brackets}\n\n  ${brackets}\n\nb: 1`,
    (brackets) => `"a ${brackets} b": 1`,
    (brackets) => `# ${brackets}\na: 1`,
    (brackets) => `a: 1 # ${brackets} "\nb: {c: 1} # ${brackets} '`,
    (brackets) => `a: {b: "${brackets}", c: ['${brackets}', d]}`,
    (brackets) => `a:\r\n  - "${brackets}"\r\n  - 'x ${brackets}'\r\n`,
  ];
  const brackets = ['[', '{', '{{ $labels.a [5m'].map((each) => each.repeat(MAX_DEPTH + 1));
  const texts = contexts.flatMap((context) => brackets.map(context));
  for (const text of texts) assert.is(overLimit(text), null, text.slice(0, 60));
  console.log(`figure: ${texts.length} sane texts full of brackets are read`);
});

test('nesting over the limit is found, however it is written', () => {
  for (const text of [
    '['.repeat(MAX_DEPTH + 1),
    '{a: '.repeat(MAX_DEPTH + 1),
    '- '.repeat(MAX_DEPTH + 1),
    '? '.repeat(MAX_DEPTH + 1),
    levels(MAX_DEPTH + 1, (level) => `${' '.repeat(level)}a:\n`),
    levels(MAX_DEPTH + 1, (level) => `${' '.repeat(level)}- \n`),
    `${levels(20, (level) => `${' '.repeat(level)}a:\n`)}${' '.repeat(20)}b: ${'['.repeat(14)}`,
    `a: "x"\nb: ${'['.repeat(MAX_DEPTH + 1)}`,
    `a: # [\n  ${'['.repeat(MAX_DEPTH + 1)}`,
  ])
    assert.ok(tooDeep(text), text.slice(0, 60));
});

test('what the YAML library writes is never refused below the limit', () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 6 }, tie('text'), tie('list'), tie('map')),
    text: fc.oneof(
      fc.string({ unit: fc.constantFrom(...'[]{}:,#-?|>"\'&*!% \n', 'a', 'é') }),
      fc.integer(),
      fc.boolean(),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    map: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  })).value;
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 'BLOCK', 'FLOW'), (given, style) => {
      const text = stringify(given, style ? { collectionStyle: style === 'FLOW' ? 'flow' : 'block' } : {});
      assert.is(overLimit(text), null, text);
    }),
    runs(500),
  );
});

test.run();
