import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { anyText } from '../test/arbitrary-text.ts';
import { runs } from '../test/runs.ts';
import { promqlDuration, promqlNumber, promqlSelector, promqlString } from './promql.ts';

/** Names of the nodes of an expression; an error node has the name ⚠. */
function nodesOf(expression: string): string[] {
  const names: string[] = [];
  parser.parse(expression).iterate({ enter: ({ name }) => void names.push(name) });
  return names;
}

test('any text stays one label value of one selector', () => {
  fc.assert(
    fc.property(anyText({ lone: true }), (text) => {
      const nodes = nodesOf(promqlSelector('up', { job: text }));
      assert.not(nodes.includes('⚠'));
      assert.is(nodes.filter((name) => name === 'StringLiteral').length, 1);
      assert.is(nodes.filter((name) => name === 'VectorSelector').length, 1);
    }),
    runs(1000),
  );
});

test('text comes back from its literal', () => {
  const readable = fc.string({ unit: 'grapheme' });
  // JSON's escapes are a part of Go's, as far as code points below U+10000 go.
  fc.assert(
    fc.property(
      readable,
      (text) => JSON.parse(promqlString(text.replace(/[^\0-\uffff]/gu, ''))) === text.replace(/[^\0-\uffff]/gu, ''),
    ),
    runs(100),
  );
  assert.is(promqlString('a"b\\c\nd\u202e\u{e0001}\ud800'), '"a\\"b\\\\c\\nd\\u202e\\U000e0001\\ufffd"');
});

test('a selector without labels is the metric alone', () => {
  assert.is(promqlSelector('up'), 'up');
  assert.is(promqlSelector('up', { job: 'a', instance: 'b' }), 'up{job="a",instance="b"}');
});

test('durations are written in the units of Prometheus', () => {
  assert.is(promqlDuration(129_600), '1d12h');
  assert.is(promqlDuration(90), '1m30s');
  assert.is(promqlDuration(604_800), '7d');
  assert.throws(() => promqlDuration(0), /no duration/);
  assert.throws(() => promqlDuration(1.5), /no duration/);
});

test('numbers are literals of PromQL', () => {
  for (const value of [0, -1.5, 1e-7, 1e21, Infinity, -Infinity, NaN])
    assert.not(nodesOf(promqlNumber(value)).includes('⚠'), String(value));
});

test.run();
