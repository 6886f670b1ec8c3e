/** Whatever a pull request puts into a spec: findings with places, never a crash. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalog } from '../catalog.ts';
import { analyse } from '../compile.ts';
import { printText } from '../diagnostics/print-text.ts';
import { readSources, type Sources } from '../source/read.ts';
import { BASE } from './cases.ts';
import { runs } from './runs.ts';

const base = readSources(BASE);

const mustHold = (sources: Sources): void => void codesOf(sources);

function codesOf(sources: Sources): string[] {
  const { findings, texts } = analyse(sources);
  for (const { at } of findings) {
    assert.ok(at.line >= 1 && at.column >= 1 && at.endLine >= at.line, JSON.stringify(at));
    const text = texts.get(at.file);
    if (text !== undefined) assert.ok(at.line <= text.split('\n').length, JSON.stringify(at));
  }
  assert.type(printText(findings, { color: false, catalog, textOf: (file) => texts.get(file) }), 'string');
  return findings.map(({ code }) => code);
}

const withBytes = (index: number, bytes: Uint8Array): Sources => ({
  ...base,
  specs: base.specs.map((spec, at) => (at === index ? { ...spec, bytes } : spec)),
});

const spliced = (index: number, at: number, cut: number, insert: Uint8Array): Sources => {
  const { bytes } = base.specs[index] as Sources['specs'][number];
  const from = at % (bytes.length + 1);
  return withBytes(index, Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + cut)]));
};

const anySpec = fc.nat(base.specs.length - 1);
const yamlish = fc
  .array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ': ',
      '- ',
      '? ',
      '&a ',
      '*a',
      '!!x ',
      '|',
      '>',
      '"',
      "'",
      '#',
      '\n',
      '  ',
      '\t',
      '---\n',
      '<<',
      '~',
      '0x',
      '.inf',
      '\u0000',
      'é',
      '😀',
      '%',
      '@',
      '`',
      ',',
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.from(parts.join('')));

test('YAML syntax spliced in anywhere', () => {
  fc.assert(
    fc.property(anySpec, fc.nat(), fc.nat(20), yamlish, (index, at, cut, insert) =>
      mustHold(spliced(index, at, cut, insert)),
    ),
    runs(200),
  );
});

test('bytes spliced in anywhere', () => {
  fc.assert(
    fc.property(anySpec, fc.nat(), fc.nat(20), fc.uint8Array({ maxLength: 8 }), (index, at, cut, insert) =>
      mustHold(spliced(index, at, cut, insert)),
    ),
    runs(200),
  );
});

test('any value in place of any spec', () => {
  fc.assert(
    fc.property(anySpec, fc.jsonValue(), (index, value) =>
      mustHold(withBytes(index, Buffer.from(JSON.stringify(value)))),
    ),
    runs(200),
  );
});

test('any value in place of any field', () => {
  const fields = fc.constantFrom(
    'kind',
    'entity',
    'ttl',
    'batch',
    'features',
    'steps',
    'schedule',
    'label',
    'train',
    'serving',
    'request',
    'owners',
    'environments',
    'defaults',
    'connections',
    'task',
    'name',
  );
  fc.assert(
    fc.property(anySpec, fields, fc.jsonValue(), (index, field, value) => {
      const text = Buffer.from((base.specs[index] as Sources['specs'][number]).bytes).toString();
      const lines = text.split('\n').filter((line) => !line.startsWith(`${field}:`));
      mustHold(withBytes(index, Buffer.from(`${lines.join('\n').trimEnd()}\n${field}: ${JSON.stringify(value)}\n`)));
    }),
    runs(200),
  );
});

test('nesting that would abort the YAML parser is refused before it', () => {
  for (const hostile of [
    '['.repeat(10_000),
    '{a: '.repeat(10_000),
    '- '.repeat(10_000),
    `${'? '.repeat(5000)}`,
    Array.from({ length: 5000 }, (_, depth) => `${' '.repeat(depth)}a:`)
      .join('\n')
      .slice(0, 60_000),
  ])
    assert.equal(codesOf(withBytes(0, Buffer.from(hostile))), ['YML004'], hostile.slice(0, 20));
});

test('texts over which a YAML parser stumbles at each character', () => {
  for (const hostile of [`a: ${'"'.repeat(9999)}`, `k: [${'1,'.repeat(30_000)}`])
    assert.equal(codesOf(withBytes(0, Buffer.from(hostile))), ['YML001'], hostile.slice(0, 20));
});

test.run();
