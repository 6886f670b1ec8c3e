/** docs/reference: its examples compile, each key has one, and says what it is and since when. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exampleOf, REFERENCE } from '../../scripts/reference/examples.ts';
import { keysOf, written } from '../../scripts/reference/keys.ts';
import { analyse, emit } from '../compile.ts';
import { version } from '../product/product.ts';
import { readSources } from '../source/read.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { schemas } from '../spec-schema/schemas.ts';

const all = (Object.keys(schemas) as Kind[]).flatMap((kind) => keysOf(kind).map((key) => ({ kind, ...key })));
const FIRST = join(import.meta.dirname, 'keys-of-0.1.0.txt');

test('the repository of the examples compiles without a finding', () => {
  const { ir, findings } = analyse(readSources(REFERENCE));
  assert.equal(findings, []);
  assert.ok(ir && emit(ir).length > 50);
});

test('each key has an example in it, and says what it is for', () => {
  for (const { kind, path, schema } of all) {
    const name = `${kind}: ${written(path)}`;
    assert.is.not(exampleOf(kind, path), undefined, `${name} has no example in compiler/test/reference`);
    const sentence = /^[`A-Z\d].{8,}[.]$/s;
    assert.match(schema.description ?? '', sentence, `${name} needs a sentence as its description`);
  }
});

test('a key says since which version it is there; those of 0.1.0 are still there, or lifted', () => {
  const first = new Set(readFileSync(FIRST, 'utf8').trim().split('\n'));
  const now = new Set(all.map(({ kind, path }) => `${kind} ${written(path)}`));
  assert.ok(existsSync(FIRST) && first.size > 250);
  for (const { kind, path, since } of all) {
    const name = `${kind} ${written(path)}`;
    assert.match(since, /^\d+\.\d+\.\d+$/, name);
    assert.ok(since.localeCompare(version(), 'en', { numeric: true }) <= 0, `${name} is of a version to come`);
    if (version() !== '0.1.0' && !first.has(name))
      assert.is.not(since, '0.1.0', `${name} came after 0.1.0: state its x-since in the schema`);
  }
  for (const name of first) assert.ok(now.has(name), `${name} was there in 0.1.0: write a migration for it`);
});

test.run();
