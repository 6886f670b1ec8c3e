/** What we lay out is what `ruff format` would have written: it finds nothing to change. */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { anyJson } from '../test/arbitrary-text.ts';
import { testPython } from '../test/python-batch.ts';
import { runs } from '../test/runs.ts';
import { call, conjunction, type Expression, imports, list, literal, name, subscript } from './python-expression.ts';
import { parseTemplate } from './template.ts';

const template = parseTemplate<{ values: unknown[] }>(
  `{{#each values}}
x = f(
    g(
        a={{py this}},
        b=1,
    ),
)
{{/each}}
`,
  'values',
);

function ruffDiff(source: string): string {
  const command = ['format', '--isolated', '--line-length', '100', '--stdin-filename', 'x.py', '-'];
  return execFileSync(join(dirname(testPython()), 'ruff'), command, { input: source, encoding: 'utf8' });
}

function assertFormatted(values: unknown[]): void {
  const source = template({ values });
  assert.is(ruffDiff(source), source);
}

const words = fc
  .array(fc.constantFrom('a', 'of', 'delay', "carrier's", 'six "hours"', 'é漢', 'departures'), { maxLength: 30 })
  .map((parts) => parts.join(' '));
const sample = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, runs(400));

test('literals of any text', () => {
  assertFormatted(sample(anyJson({ lone: true })));
});

test('strings of any length, alone, in lists and in dictionaries', () => {
  assertFormatted(
    sample(
      fc.oneof(
        words,
        fc.array(words, { maxLength: 4 }),
        fc.dictionary(words, words, { maxKeys: 3, noNullPrototype: true }),
      ),
    ),
  );
});

test('calls, subscripts and operations of any length', () => {
  const names = fc.array(
    words.map((text) => `n${text.replace(/[^a-z]/g, '_')}`),
    { minLength: 1, maxLength: 5 },
  );
  const asset = words.map((text) => call('Asset', { name: literal(text), uri: literal(`mlops://${text}`) }));
  const expressions: fc.Arbitrary<Expression> = fc.oneof(
    asset,
    fc.array(asset, { minLength: 1, maxLength: 3 }).map((assets) => conjunction(assets)),
    fc.array(asset, { maxLength: 3 }).map(list),
    names.map((all) => list(all.map(name))),
    names.map((all) => subscript('carrier_delays_view', literal(all))),
    names.map((all) => list([subscript('carrier_delays_view', literal(all)), name('x')])),
  );
  assertFormatted(sample(expressions));
});

test('imports, in the order of isort', () => {
  const lines = parseTemplate<{ names: Expression }>('from entities import {{py names}}\n', 'imports');
  const many = Array.from({ length: 12 }, (_, index) => `view${index}_entity`);
  for (const names of [['b', 'a'], many, ['RetryPolicy', 'Asset', 'DAG', 'b', 'MAX_1']]) {
    const source = lines({ names: imports(names) });
    assert.is(ruffDiff(source), source);
  }
  assert.ok(lines({ names: imports(many) }).indexOf('view2') < lines({ names: imports(many) }).indexOf('view10'));
});

test.run();
