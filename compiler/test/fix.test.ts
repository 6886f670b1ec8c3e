/** `mlops fix`: what it writes compiles, and every other byte stays. */
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import { applyFixes } from '../diagnostics/fix.ts';
import { mend } from '../mend.ts';
import { type Files, readRepository } from './faults/repository.ts';
import { faultsOf } from './faults/seeder.ts';
import { PLATFORMS } from './fixture.ts';
import { runs } from './runs.ts';
import { asSources } from './sources.ts';

const REPOSITORIES = {
  flights: join(import.meta.dirname, 'faults/flights'),
  fraud: join(PLATFORMS, 'fraud'),
  shop: join(import.meta.dirname, 'base'),
};

const outcomes = Object.values(REPOSITORIES).flatMap((root, index) => {
  const before = readRepository(root);
  return faultsOf(before, index + 1)
    .filter(({ files }) => analyse(asSources(files)).findings.some(({ fix }) => fix?.safe))
    .map((fault) => ({ fault, before, ...mend(asSources(fault.files)) }));
});

test('every safe fix of a seeded fault compiles', () => {
  console.log(`figure: ${outcomes.length} seeded faults have a safe fix`);
  assert.ok(outcomes.length > 100, `${outcomes.length}`);
  assert.equal(
    outcomes
      .filter(({ analysis, fixed }) => analysis.ir === null || fixed.length === 0)
      .map(
        ({ fault, analysis }) => `${fault.what} ${fault.at.file}:${fault.at.line}: ${analysis.findings[0]?.message}`,
      ),
    [],
  );
});

test('a mended misspelling gives the file back to the byte', () => {
  const misspelt = outcomes.filter(({ fault }) => fault.meant !== null);
  assert.ok(misspelt.length > 50, `${misspelt.length}`);
  assert.equal(
    misspelt
      .filter(({ texts, before }) => [...texts].some(([file, text]) => before.get(file) !== text))
      .map(({ fault }) => fault.what),
    [],
  );
});

const base = readRepository(REPOSITORIES.shop);

const mended = (file: string, change: (text: string) => string) => {
  const files: Files = new Map([...base, [file, change(base.get(file) ?? '')]]);
  const { texts, fixed, analysis } = mend(asSources(files));
  return {
    text: texts.get(file),
    codes: fixed.map(({ code }) => code),
    left: analysis.findings.map(({ code }) => code),
  };
};

test('comments, blank lines, quotes, Windows line ends and a byte-order mark stay', () => {
  const odd = (text: string) => {
    const wrong = text
      .replace('ttl: 7d', "ttl:   '7 days'   # a week")
      .replace('entity: customer', 'entity: "custmer"');
    return `\ufeff# first\n\n${wrong}# last`.replaceAll('\n', '\r\n');
  };
  const { text, left } = mended('features/clicks.yaml', odd);
  assert.equal(left, []);
  assert.is(
    text,
    odd(base.get('features/clicks.yaml') ?? '')
      .replace('7 days', '7d')
      .replace('custmer', 'customer'),
  );
});

test('numbers and truth values that were written as text lose their quotes', () => {
  const { text, left } = mended('features/clicks.yaml', (old) =>
    old.replace('min: 0', 'min: "0"').replace('ttl: 7d', 'ttl: 7d\nonline: yes'),
  );
  assert.equal(left, []);
  assert.is(text, base.get('features/clicks.yaml')?.replace('ttl: 7d', 'ttl: 7d\nonline: true'));
});

test('a line that is missing is added in the style of its map', () => {
  const block = mended('models/churn/model.yaml', (old) => old.replace('  missing_features: reject\n', ''));
  assert.is(block.text, base.get('models/churn/model.yaml'));
  const flow = mended('models/churn/model.yaml', (old) =>
    old.replace(/serving:[\s\S]*/, 'serving: {online: {timeout: 1s}}\n'),
  );
  assert.match(flow.text ?? '', 'serving: {missing_features: reject, online: {timeout: 1s}}\n');
});

test('where two names are equally near, nothing is guessed', () => {
  const files: Files = new Map([
    ...base,
    [
      'features/clicks.yaml',
      `${base.get('features/clicks.yaml')}  rate_a: {type: float64}\n  rate_b: {type: float64}\n`,
    ],
    [
      'models/churn/model.yaml',
      (base.get('models/churn/model.yaml') ?? '').replace('clicks.mean_stay', 'clicks.rate_c'),
    ],
  ]);
  const { texts, analysis } = mend(asSources(files));
  assert.is(texts.size, 0);
  assert.ok(analysis.findings.some(({ code, help }) => code === 'FEA001' && help?.startsWith('did you mean')));
});

test('of two fixes that would write one key twice, one is kept', () => {
  const { text, left } = mended('features/clicks.yaml', (old) => old.replace('ttl: 7d', 'tttl: 7d\nttll: 7d'));
  assert.is(text?.match(/^ttl: 7d$/gm)?.length, 1);
  assert.equal(left, ['SPC003']);
});

test('a fix that something else then objects to is taken back', () => {
  const { text, codes, left } = mended('models/churn/model.yaml', (old) =>
    old.replace('clicks.mean_stay', 'clicks.mean_stay, clicks.mean_saty'),
  );
  assert.is(text, undefined);
  assert.equal([codes, left], [[], ['FEA001']]);
});

test('what a fix uncovers elsewhere was wrong before, and does not take it back', () => {
  const { text, left } = mended('features/clicks.yaml', (old) =>
    old.replace('ttl: 7d', 'tttl: 7d').replace('entity: customer', 'entity: x'),
  );
  assert.match(text ?? '', 'ttl: 7d');
  assert.ok(left.includes('FEA001'), left.join());
});

test('a repository full of fixes that are no good is not analysed for ever', () => {
  const features = Array.from({ length: 70 }, (_, index) => `clicks.mean_stay${String(index).padStart(3, '0')}`);
  const files: Files = new Map([
    ...base,
    ...features.map((name, index): [string, string] => [
      `models/m${index}/model.yaml`,
      (base.get('models/churn/model.yaml') ?? '').replace('clicks.mean_stay', `clicks.mean_stay, ${name}`),
    ]),
  ]);
  const { analyses } = mend(asSources(files));
  assert.is(analyses, 100);
});

test('edits that overlap, or whose text is gone, are left out whole', () => {
  const at = (column: number, endColumn: number) => ({ file: 'a', line: 1, column, endLine: 1, endColumn, path: '' });
  const fix = (...edits: { column: number; end: number; from: string | null }[]) => ({
    title: '',
    safe: true,
    edits: edits.map(({ column, end, from }) => ({ at: at(column, end), from, to: 'X' })),
  });
  const text = 'one two three';
  const { texts, fixes } = applyFixes(
    [
      fix({ column: 1, end: 4, from: 'one' }),
      fix({ column: 2, end: 8, from: null }),
      fix({ column: 9, end: 14, from: 'four' }, { column: 5, end: 8, from: 'two' }),
      fix({ column: 9, end: 14, from: 'three' }),
    ],
    () => text,
  );
  assert.is(texts.get('a'), 'X two X');
  assert.is(fixes.length, 2);
});

test('whatever the text, only the range of an edit changes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 8 }),
      fc.nat(),
      fc.nat(),
      fc.string(),
      (lines, a, b, to) => {
        const text = lines.map((line) => line.replaceAll('\n', ' ')).join('\n');
        const line = (a % lines.length) + 1;
        const length = (text.split('\n')[line - 1] ?? '').length;
        const column = (b % (length + 1)) + 1;
        const place = { file: 'a', line, column, endLine: line, endColumn: length + 1, path: '' };
        const after = applyFixes(
          [{ title: '', safe: true, edits: [{ at: place, from: null, to }] }],
          () => text,
        ).texts.get('a') as string;
        const all = text.split('\n');
        all[line - 1] = (all[line - 1] as string).slice(0, column - 1) + to;
        assert.is(after, all.join('\n'));
      },
    ),
    runs(100),
  );
});

test.run();
