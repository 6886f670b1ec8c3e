/** Golden files of a target: compared by bytes, both ways. `UPDATE_GOLDENS=1` writes them anew. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { ir } from '../tools/fixture.ts';
import type { Target } from '../tools/tool.ts';

export function emitAll(target: Target): Map<string, string> {
  const artifacts = [
    ...target.emitCommon(ir),
    ...ir.environments.flatMap((environment) => target.emitEnvironment(ir, environment)),
  ];
  const byPath = new Map(artifacts.map(({ path, content }) => [path, content]));
  assert.is(byPath.size, artifacts.length, 'two artifacts have one path');
  return byPath;
}

/** What the target makes of the fixture is, byte for byte, what `folder` holds: no more and no less. */
export function assertGoldens(target: Target, folder: string): void {
  const emitted = emitAll(target);
  if (process.env['UPDATE_GOLDENS'] === '1') rewrite(folder, emitted);
  assert.equal(filesBelow(folder), [...emitted.keys()].sort(), 'the golden folder has other files');
  for (const [path, content] of emitted) assert.is(content, readFileSync(join(folder, path), 'utf8'), path);
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
