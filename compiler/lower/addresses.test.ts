/** Every object of every IR has an address of its own, and a place in the specs that a line number follows from. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDocument, stringify } from 'yaml';
import { analyse } from '../compile.ts';
import { parseAddress } from '../ir/address.ts';
import { contentOf, objectsByAddress, withoutPlaces } from '../ir/objects.ts';
import type { Ir } from '../ir/types.ts';
import { placeOfOrigin } from '../resolve/origins.ts';
import { parseAll } from '../source/parse.ts';
import { readSources, type SourceFile, type Sources } from '../source/read.ts';
import { BASE, readCases, sourcesOf } from '../test/cases.ts';
import { largeRepository } from '../test/large.ts';
import { runs } from '../test/runs.ts';
import { shuffled } from '../test/shuffled.ts';
import { asSources } from '../test/sources.ts';

const PLATFORMS = join(import.meta.dirname, '../test/platforms');
const base = readSources(BASE);
const named: [string, Sources][] = [
  ['the sample', readSources(join(import.meta.dirname, '../..'))],
  ['base', base],
  ...readdirSync(PLATFORMS).map((name): [string, Sources] => [name, readSources(join(PLATFORMS, name))]),
  ['large', asSources(largeRepository(400))],
];

const lowered = (sources: Sources): Ir => {
  const { ir, findings } = analyse(sources);
  assert.ok(ir, JSON.stringify(findings, null, 2));
  return ir as Ir;
};

function eachHasItsOwn(ir: Ir, sources: Sources, name: string): number {
  const specs = new Map(parseAll(sources.specs).specs.map((spec) => [spec.path, spec]));
  const objects = objectsByAddress(ir);
  for (const [address, { origin }] of objects) {
    assert.ok(parseAddress(address), `${address} of ${name}`);
    const spec = specs.get(origin.file);
    assert.ok(spec, `${address} of ${name} stands in ${origin.file}`);
    if (spec) assert.is(placeOfOrigin(spec, origin.path).line, origin.line, `${address} of ${name}`);
  }
  return objects.size;
}

for (const [name, sources] of named)
  test(`every object of ${name} has an address and a place`, () => {
    const ir = lowered(sources);
    const objects = eachHasItsOwn(ir, sources, name);
    assert.ok(objects > ir.models.length + ir.tables.length);
  });

test('and so have those of every case that lowers', () => {
  let cases = 0;
  for (const each of readCases()) {
    const sources = sourcesOf(each, base);
    const { ir } = analyse(sources);
    if (ir) eachHasItsOwn(ir, sources, each.name);
    cases += ir ? 1 : 0;
  }
  assert.ok(cases > 50, `${cases} cases lower`);
});

const changed = (
  sources: Sources,
  change: (text: string, path: string) => string,
  rename = (path: string) => path,
) => ({
  ...sources,
  specs: sources.specs.map(
    ({ path, bytes }): SourceFile => ({
      path: rename(path),
      bytes: Buffer.from(change(Buffer.from(bytes).toString(), path)),
      refused: null,
    }),
  ),
});

for (const [name, sources] of named.slice(0, -1))
  test(`comments, moved lines and renamed files are no change of ${name}`, () => {
    const before = lowered(sources);
    const moved = lowered(changed(sources, (text) => `# A new first line.\n\n${text}`));
    assert.not.equal(moved, before);
    assert.equal(withoutPlaces(moved), withoutPlaces(before));
    const isFree = (path: string) => path.startsWith('features/') || path.startsWith('monitoring/');
    const renamed = lowered(
      changed(
        sources,
        (text, path) =>
          !isFree(path) || /^name:/m.test(text) ? text : `name: ${path.replace(/^.*\/|\.ya?ml$/g, '')}\n${text}`,
        (path) => (isFree(path) ? path.replace(/([^/]+)$/, 'renamed_$1') : path),
      ),
    );
    assert.not.equal(renamed, before);
    assert.equal(withoutPlaces(renamed), withoutPlaces(before));
  });

test('the order of keys is no change, also of those within parameters', () => {
  const fit = 'models/churn/train.py';
  const code = new Map(base.code).set(
    fit,
    (base.code.get(fit) ?? '').replace('depth: int = 3', 'depth: int = 3, grid=None'),
  );
  const grid = (text: string) => text.replace('with: {depth: 3}', 'with: {depth: 3, grid: {b: [{y: 1, x: 2}], a: 0}}');
  const deep = { ...changed(base, grid), code };
  const before = withoutPlaces(lowered(deep));
  assert.match(JSON.stringify(before), '"grid":{"a":0,"b":[{"x":2,"y":1}]}');
  fc.assert(
    fc.property(fc.integer({ min: 1 }), (seed) => {
      const reordered = changed(deep, (text) => stringify(shuffled(parseDocument(text).toJS(), seed)));
      assert.is(JSON.stringify(withoutPlaces(lowered(reordered))), JSON.stringify(before));
    }),
    runs(20),
  );
});

test('a change that is one stays one', () => {
  const before = lowered(base);
  const after = lowered(changed(base, (text) => text.replace('ttl: 7d', 'ttl: 8d')));
  assert.not.equal(withoutPlaces(after), withoutPlaces(before));
});

test('what a team names like a place is no place', () => {
  const free = { address: 'a', origin: { file: 'f', path: '', line: 1 }, requiredBy: 'r' };
  const container = {
    address: 'x',
    origin: free.origin,
    tags: free,
    needs: free,
    variables: free,
    with: { deep: free },
  };
  assert.equal(contentOf({ ...container, settings: free, secrets: free, volumes: free }), {
    ...{ tags: free, needs: free, variables: free, with: { deep: free } },
    ...{ settings: free, secrets: free, volumes: free },
  });
  assert.equal([...objectsByAddress({ models: [container] } as unknown as Ir).keys()], ['x']);
});

test.run();
