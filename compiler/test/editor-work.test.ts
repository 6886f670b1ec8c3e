/** What one key costs `mlops lsp`, in work done: a busy machine takes longer for it, and does not do more. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checks } from '../checks/registry.ts';
import { Repository } from '../editor/repository.ts';
import type { Graph } from '../link/graph.ts';
import { largeRepository } from './large.ts';

const TODAY = '2026-11-25';
const VIEW = 'features/g0001/clicks_0001.yaml';
const files = largeRepository(200);
const root = mkdtempSync(join(tmpdir(), 'mlops-work-'));
const repository = (() => {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return new Repository(root);
})();
test.after(() => rmSync(root, { recursive: true }));

/** Paths of the specs that were parsed and validated for `after`, and not taken over from `before`. */
function readAgain(before: Graph | null, after: Graph | null): string[] {
  const known = new Set(before?.declared.map(({ spec }) => spec));
  return (after?.declared ?? []).filter(({ spec }) => !known.has(spec)).map(({ spec }) => spec.path);
}

const type = (text: string): void =>
  repository.change(VIEW, (files.get(VIEW) ?? '').replace('unit: s', `unit: ${text}`));

test('after a key only the spec that is typed in is parsed again, and the graph is built once', () => {
  const before = repository.graph;
  assert.is(readAgain(null, before).length, 201);
  type('ms');
  const after = repository.graph;
  assert.equal(readAgain(before, after), [VIEW]);
  assert.is(repository.graph, after, 'nothing has changed since');
});

test('when another program has saved something, only what differs on the disk is parsed again', () => {
  const before = repository.graph;
  repository.reload(new Map());
  // The disk does not hold what was typed.
  assert.equal(readAgain(before, repository.graph), [VIEW]);
  const settled = repository.graph;
  repository.reload(new Map());
  assert.equal(readAgain(settled, repository.graph), []);
});

/** How often something else had its turn before the work was done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let isDone = false;
  const done = work.then(() => {
    isDone = true;
  });
  let turns = 0;
  for (; !isDone; turns += 1) await setImmediate();
  await done;
  return turns;
}

test('requests are answered between any two checks, and a key ends the checks of what it has outdated', async () => {
  const whole = repository.analyse(TODAY);
  const turns = await turnsDuring(whole);
  assert.ok(await whole);
  assert.ok(turns >= checks.length, `${turns} turns for ${checks.length} checks`);

  const outdated = repository.analyse(TODAY);
  type('min');
  const left = await turnsDuring(outdated);
  assert.is(await outdated, null);
  assert.ok(left < 5, `it went on for ${left} turns`);
});

test.run();
