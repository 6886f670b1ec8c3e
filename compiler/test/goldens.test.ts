/**
 * What each platform in `platforms/` compiles to is, byte for byte, what the folder `golden` beside its YAML holds: no
 * more and no less. `UPDATE_GOLDENS=1` writes it again.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, emit } from '../compile.ts';
import type { Ir } from '../ir/types.ts';
import { readSources } from '../source/read.ts';
import { PLATFORMS } from './fixture.ts';

/** The second one is for what the first has not; its pages, notebooks and containers would say the same once more. */
const WITHOUT: Record<string, string[]> = {
  flights: [],
  fraud: ['compose', 'grafana', 'notebook', 'process', 'proxy'],
};

for (const platform of readdirSync(PLATFORMS)) {
  const { ir, findings } = analyse(readSources(join(PLATFORMS, platform)));
  const folder = join(PLATFORMS, platform, 'golden');
  test(`the platform ${platform} compiles without a finding`, () => assert.equal(findings, []));

  const wanted = emit(ir as Ir).filter(({ path }) => !WITHOUT[platform]?.includes(toolOf(path)));
  const emitted = new Map(wanted.map(({ path, content }) => [path, content]));
  if (process.env['UPDATE_GOLDENS'] === '1') rewrite(folder, emitted);
  const golden = filesBelow(folder);
  const tools = new Set([...golden, ...emitted.keys()].map(toolOf));
  for (const tool of [...tools].sort())
    test(`what ${tool} gets for ${platform} is what its golden files hold`, () => {
      const paths = [...emitted.keys()].filter((path) => toolOf(path) === tool).sort();
      assert.equal(
        golden.filter((path) => toolOf(path) === tool),
        paths,
        'the golden folder has other files',
      );
      for (const path of paths) assert.is(emitted.get(path), readFileSync(join(folder, path), 'utf8'), path);
    });
}

/** `common/feast/entities.py` and `local/feast/repository.py` are Feast's. */
function toolOf(path: string): string {
  return path.split('/')[1] ?? path;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

function rewrite(folder: string, files: Map<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

test.run();
