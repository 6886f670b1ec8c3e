/** Every word of the base repository's specs, misspelt in turn, gives one finding at its place. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPair, isScalar, visit } from 'yaml';
import { analyse } from '../compile.ts';
import { parseAll } from '../source/parse.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import { readSources, type Sources } from '../source/read.ts';
import { BASE } from './cases.ts';

/** Words that declare something nobody else names: any spelling of them is right. */
const FREE = [
  /^name$/,
  /description$/,
  /email$/,
  /\/url$/,
  /^owners\/[^/]+$/,
  /^environments\/[^/]+$/,
  /^steps\/[^/]+$/,
  /^connections\/lake/,
  /secret$/,
];

interface Word {
  start: number;
  end: number;
  path: string;
}

function words(spec: ParsedSpec): Word[] {
  const found: Word[] = [];
  visit(spec.document, {
    Scalar(_, node, ancestors) {
      const path = ancestors.filter(isPair).map(({ key }) => (isScalar(key) ? String(key.value) : ''));
      if (typeof node.value === 'string' && node.range)
        found.push({ start: node.range[0], end: node.range[1], path: path.join('/') });
    },
  });
  return found.filter(({ path }) => !FREE.some((free) => free.test(path)));
}

/** Swaps the first two differing neighbours inside the word; null where it is too short. */
function misspell(word: string): string | null {
  const run = /[A-Za-z]{3,}/.exec(word);
  if (!run) return null;
  for (let at = run.index + 1; at + 1 < run.index + run[0].length; at += 1) {
    if (word[at] !== word[at + 1]) return `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
  }
  return null;
}

const replaceText = (sources: Sources, path: string, text: string): Sources => ({
  ...sources,
  specs: sources.specs.map((spec) => (spec.path === path ? { ...spec, bytes: Buffer.from(text) } : spec)),
});

const sources = readSources(BASE);

for (const spec of parseAll(sources.specs).specs) {
  test(`any misspelt word of ${spec.path} is one finding at its line and column`, () => {
    let tried = 0;
    for (const { start, end, path } of words(spec)) {
      const word = spec.text.slice(start, end);
      const typo = misspell(word);
      if (typo === null) continue;
      tried += 1;
      const { findings } = analyse(
        replaceText(sources, spec.path, spec.text.slice(0, start) + typo + spec.text.slice(end)),
      );
      const line = spec.text.slice(0, start).split('\n').length;
      const column = start - spec.text.lastIndexOf('\n', start - 1);
      const shown = `${path}: ${word} → ${typo}`;
      assert.equal(
        findings.map(({ at }) => `${at.file}:${at.line}`),
        [`${spec.path}:${line}`],
        shown,
      );
      const found = findings[0]?.at.column ?? 0;
      assert.ok(
        found >= column && found <= column + word.length,
        `${shown}: column ${found}, not in ${column}–${column + word.length}`,
      );
    }
    assert.ok(tried > 0);
  });
}

test.run();
