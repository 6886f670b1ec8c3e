/** Whatever stands in a text, what reads it answers: expressions, comments, a cursor in a broken spec, rules. */
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { analyse } from '../compile.ts';
import { complete } from '../editor/complete.ts';
import { cursorAt } from '../editor/cursor.ts';
import { readExpression } from '../link/promql/read.ts';
import { mend } from '../mend.ts';
import { suppressionsOf } from '../source/suppressions.ts';
import { readRepository } from './faults/repository.ts';
import { runs } from './runs.ts';
import { asSources } from './sources.ts';

const base = readRepository(join(import.meta.dirname, 'base'));
const pieces = fc.constantFrom(
  'sum',
  'rate(',
  '[5m]',
  ')',
  '(',
  'by (',
  'x_total',
  '{a="b"}',
  ' > ',
  'and on() ',
  '$__interval',
  '"',
  "'",
  '\n',
  ' ',
  '0.5',
  'é',
  '\u0000',
);
const broken = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(pieces, { maxLength: 20 }).map((all) => all.join('')),
);

test('any text as PromQL is read, or refused at an offset within it', () => {
  fc.assert(
    fc.property(broken, (text) => {
      const { error, selectors, ranges } = readExpression(text, { forGrafana: false });
      assert.ok(error === null || (error >= 0 && error <= text.length));
      for (const { from, to } of [...selectors, ...ranges]) assert.ok(from >= 0 && to <= text.length && from < to);
    }),
    runs(2000),
  );
});

test('any text as PromQL or as a rule in a spec gives findings in that spec, and no crash', () => {
  fc.assert(
    fc.property(broken, (text) => {
      const monitoring = stringify({
        kind: 'Monitoring',
        alerts: { desk: { expr: text || 'x', summary: text || 'x', runbook: 'https://x.example' } },
      });
      const policy = stringify({
        kind: 'Policy',
        rules: { house: { for: 'model', require: text || 'true', message: text || 'x' } },
      });
      const files = new Map([...base, ['monitoring/desk.yaml', monitoring], ['policies/house.yaml', policy]]);
      for (const { at } of analyse(asSources(files)).findings) assert.match(at.file, /^(monitoring|policies|models)\//);
    }),
    runs(300),
  );
});

test('any comment is read as a suppression, or as none', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('', 'mlops:', 'mlops: ignore ', 'mlops: ignore FEA015 until 2027-01-01 because '),
      (text, begin) => {
        const spec = `kind: Entity # ${begin}${text}\ntype: int64\n`;
        for (const { at } of suppressionsOf('a.yaml', spec)) assert.ok(at.line >= 1 && at.column >= 1);
      },
    ),
    runs(1000),
  );
});

test('a cursor may stand anywhere in a spec that is cut off anywhere', () => {
  const specs = ['features/clicks.yaml', 'models/churn/model.yaml', 'pipelines/clicks/pipeline.yaml', 'platform.yaml'];
  const { graph } = analyse(asSources(base));
  for (const file of specs) {
    const text = base.get(file) ?? '';
    for (let at = 0; at <= text.length; at += 1) {
      const cut = text.slice(0, at);
      cursorAt(cut, at);
      const found = complete(file, cut, at, graph);
      if (found) assert.ok(found.from <= at && found.to >= at, `${file} ${at}`);
      complete(file, text, at, graph);
    }
  }
});

test('a spec that is cut off anywhere can be mended, or is left alone', () => {
  const text = base.get('models/churn/model.yaml') ?? '';
  for (let at = 1; at < text.length; at += 7) {
    const files = new Map([...base, ['models/churn/model.yaml', text.slice(0, at)]]);
    const { texts, fixed } = mend(asSources(files));
    if (fixed.length === 0) assert.is(texts.size, 0);
  }
});

test.run();
