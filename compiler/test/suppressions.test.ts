/** Comments that suppress findings end on their day, are listed, and change no emitted byte. */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, emit } from '../compile.ts';
import { suppressionsOf } from '../source/suppressions.ts';
import { readRepository } from './faults/repository.ts';
import { asSources } from './sources.ts';

const base = readRepository(join(import.meta.dirname, 'base'));
const COMMENT = '# mlops: ignore FEA015 until 2027-03-31 because the report reads it';

const withIdle = (comment: string) =>
  asSources(
    new Map([
      ...base,
      ['features/clicks.yaml', `${base.get('features/clicks.yaml')}  idle: {type: float64} ${comment}\n`],
    ]),
  );

test('a suppression counts up to its day, and then the finding comes back with the reason that was given', () => {
  const on = analyse(withIdle(COMMENT), '2027-03-31');
  assert.equal(on.findings, []);
  assert.equal(
    on.suppressed.map(({ finding, by }) => [finding.code, by.until, by.reason]),
    [['FEA015', '2027-03-31', 'the report reads it']],
  );
  const after = analyse(withIdle(COMMENT), '2027-04-01');
  assert.equal(
    after.findings.map(({ code, related }) => [code, related[0]?.message]),
    [['FEA015', 'it was suppressed until 2027-03-31: the report reads it']],
  );
});

test('neither a comment nor the day changes what is emitted', () => {
  const emitted = [withIdle(COMMENT), withIdle('')].flatMap((sources) =>
    ['2026-01-01', '2030-01-01'].map((day) => {
      const { ir } = analyse(sources, day);
      return ir ? JSON.stringify(emit(ir)) : 'errors';
    }),
  );
  assert.is(new Set(emitted).size, 1);
  assert.is.not(emitted[0], 'errors');
});

test('comments are told from text, in YAML and in Python', () => {
  const yaml = [
    'a: "# mlops: ignore A"',
    'b: |',
    '  # mlops: ignore B',
    "c: '# mlops: ignore C'",
    'd: x # mlops: ignore D',
  ].join('\n');
  assert.equal(
    suppressionsOf('a.yaml', yaml).map(({ at }) => [at.line, at.column]),
    [[5, 6]],
  );
  assert.equal(
    suppressionsOf('a.py', `x = 1  ${COMMENT}\n`).map(({ at }) => [at.line, at.column]),
    [[1, 8]],
  );
});

test.run();
