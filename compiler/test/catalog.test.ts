/** Each code has one entry, beside what gives it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalog, RESERVED } from '../catalog.ts';
import { checks } from '../checks/registry.ts';
import { analyse } from '../compile.ts';
import { defineCodes } from '../diagnostics/codes.ts';
import { wholeFile } from '../diagnostics/diagnostic.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import { dayOf, ELSEWHERE, readCases, sourcesOf } from './cases.ts';

const COMPILER = join(import.meta.dirname, '..');
const texts = (readdirSync(COMPILER, { recursive: true }) as string[])
  .filter((path) => path.endsWith('.ts') && !/^test|\.test\.ts$|generated|golden/.test(path) && path !== 'catalog.ts')
  .map((path) => readFileSync(join(COMPILER, path), 'utf8'));

/** Codes that a check gives too, beside what owns them: `{ MOD001: tableCodes.MOD001 }`. */
const borrowed = new Set(
  texts.flatMap((text) => [...text.matchAll(/\b([A-Z]{3}\d{3}): \w+Codes\.\1\b/g)].map(([, code = '']) => code)),
);

test('a check gives the codes that it owns, and each of these has a case', () => {
  const owned = checks.map(({ codes }) => new Set(Object.keys(codes)));
  const given = checks.map(() => new Set<string>());
  for (const each of readCases()) {
    const { graph } = analyse(sourcesOf(each));
    if (graph)
      for (const [index, check] of checks.entries())
        for (const { code } of check.run(graph, dayOf(each) ?? '2026-11-25')) given[index]?.add(code);
  }
  const strange = given.flatMap((codes, index) =>
    [...codes].filter((code) => !owned[index]?.has(code) && !borrowed.has(code)),
  );
  assert.equal(strange, []);
  const idle = owned.flatMap((codes, index) =>
    [...codes].filter((code) => !given[index]?.has(code) && !ELSEWHERE.includes(code)),
  );
  assert.equal(idle, []);
});

test('nothing outside a check names its codes, so that a check is one file and one line', () => {
  const named = checks
    .flatMap(({ codes }) => Object.keys(codes))
    .filter(
      (code) =>
        !borrowed.has(code) &&
        texts.filter((text) => text.includes(`'${code}'`) || text.includes(`${code}: {`)).length !== 1,
    );
  assert.equal(named, []);
});

test('a finding with a code from elsewhere does not compile', () => {
  const entry = { severity: 'error', title: 'T', why: 'W.', example: 'e', fix: 'F.' } as const;
  const { finding } = defineCodes({ ZZZ001: entry }, { ZZZ002: { ...entry, severity: 'warning' } });
  assert.is(finding('ZZZ001', wholeFile('a.yaml'), 'Wrong.').severity, 'error');
  assert.is(finding('ZZZ002', wholeFile('a.yaml'), 'Odd.').severity, 'warning');
  // @ts-expect-error: this code stands elsewhere.
  assert.throws(() => finding('FEA001', wholeFile('a.yaml'), 'Unknown.'));
});

test('a code has one entry, and a reserved one none', () => {
  for (const code of Object.keys(catalog)) assert.match(code, /^[A-Z]{3}\d{3}$/);
  const stated = checks.flatMap(({ codes }) => Object.keys(codes));
  assert.is(new Set(stated).size, stated.length);
  const clash = Object.keys(RESERVED).filter((code) => Object.hasOwn(catalog, code));
  assert.equal(clash, []);
});

test('codes that schemas name are those of their stage, or of the checks of names', () => {
  const folder = join(COMPILER, 'spec-schema');
  const schemas = readdirSync(folder).filter((name) => name.endsWith('.schema.json'));
  const named = schemas
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/"([^"]+)": "([A-Z]{3}\d{3})"/g)])
    .map(([, key = '', code = '']) => ({ key, code }));
  assert.ok(named.length > 20);
  const strange = named.filter(({ key, code }) => !Object.hasOwn(key === 'unknown' ? catalog : specCodes, code));
  assert.equal(strange, []);
});

test('every entry is whole: sentences end, titles do not', () => {
  for (const [code, { title, why, example, fix }] of Object.entries(catalog)) {
    assert.not.match(title, /\.$/, code);
    for (const sentence of [why, fix]) assert.match(sentence, /[.…]$/, code);
    assert.ok(example !== '', code);
  }
});

test.run();
