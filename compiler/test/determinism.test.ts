/** The same specs give the same bytes, whatever the order of files and keys, the locale or the time zone. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDocument, stringify } from 'yaml';
import { analyse, emit } from '../compile.ts';
import type { Ir } from '../ir/types.ts';
import { readSources, type SourceFile, type Sources } from '../source/read.ts';
import { BASE } from './cases.ts';
import { runs } from './runs.ts';
import { shuffled } from './shuffled.ts';

const base = readSources(BASE);

function compiled(sources: Sources): Map<string, string> {
  const { ir, findings } = analyse(sources);
  assert.equal(findings, []);
  return new Map(emit(ir as Ir).map(({ path, content }) => [path, content]));
}

test('in any order of files', () => {
  const expected = JSON.stringify([...compiled(base)]);
  fc.assert(
    fc.property(fc.shuffledSubarray(base.specs, { minLength: base.specs.length }), (specs) => {
      assert.is(JSON.stringify([...compiled({ ...base, specs })]), expected);
    }),
    runs(15),
  );
});

test('in any order of keys', () => {
  const reordered = (file: SourceFile, seed: number): SourceFile => ({
    ...file,
    bytes: Buffer.from(stringify(shuffled(parseDocument(Buffer.from(file.bytes).toString()).toJS(), seed))),
  });
  const plain = (each: Sources) => JSON.stringify([...compiled(each)].sort());
  const expected = plain({ ...base, specs: base.specs.map((file) => reordered(file, 0)) });
  fc.assert(
    fc.property(fc.integer({ min: 1 }), (seed) => {
      assert.is(plain({ ...base, specs: base.specs.map((file) => reordered(file, seed)) }), expected);
    }),
    runs(15),
  );
});

test('in any locale and time zone', () => {
  const script = `import { analyse, emit } from ${JSON.stringify(new URL('../compile.ts', import.meta.url).href)};
import { readSources } from ${JSON.stringify(new URL('../source/read.ts', import.meta.url).href)};
import { createHash } from 'node:crypto';
const emitted = emit(analyse(readSources(${JSON.stringify(BASE)})).ir);
process.stdout.write(createHash('sha256').update(JSON.stringify(emitted)).digest('hex'));`;
  const digest = (environment: Record<string, string>) => {
    const result = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    assert.is(result.status, 0, result.stderr);
    return result.stdout;
  };
  const digests = [
    digest({ TZ: 'UTC', LC_ALL: 'C' }),
    digest({ TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }),
    digest({ TZ: 'America/St_Johns', LC_ALL: 'sv_SE.UTF-8' }),
  ];
  assert.is(new Set(digests).size, 1);
  assert.match(digests[0] ?? '', /^[0-9a-f]{64}$/);
});

test.run();
