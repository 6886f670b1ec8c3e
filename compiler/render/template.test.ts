import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTemplate } from './template.ts';

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

test.run();
