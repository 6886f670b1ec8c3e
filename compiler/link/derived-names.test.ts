import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { materializeStep } from './derived-names.ts';

const ROOT = join(import.meta.dirname, '../..');

test('a derived step never has the name of another', () => {
  assert.is(materializeStep(new Set()), 'materialize');
  assert.is(materializeStep(new Set(['materialize'])), 'materialize_features');
  assert.is(materializeStep(new Set(['materialize', 'materialize_features'])), 'materialize_features_2');
});

test('names that follow from others are built in one place', () => {
  const built = /`(train|score|team)[_-]\$\{|\$\{[^}`]*\}(_predictions|\.dead_letter)\b|`feature_view\.\$\{/;
  const elsewhere = ['compiler', 'scripts', 'test']
    .flatMap((folder) =>
      (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).map((path) => join(folder, path)),
    )
    .filter((path) => path.endsWith('.ts') && !path.endsWith('link/derived-names.ts') && !path.endsWith('.test.ts'))
    .filter((path) => built.test(readFileSync(join(ROOT, path), 'utf8')));
  assert.equal(elsewhere, []);
});

test.run();
