/** What a full disk, a merge or an editor leaves of a generated file is told with the file and the way out. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { referredLocks } from '../../compiler/operate/python/overlay.ts';
import { readPlan } from '../../compiler/operate/supervisor/process-plan.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';

const root = mkdtempSync(join(tmpdir(), 'mlops-generated-'));
const workspace = openWorkspace(root, 'local');
const WHOLE = '{"databases": [], "setup": [], "processes": []}';
const contract = join(root, 'generated/common/runtime/models/churn.json');

const DAMAGES = ['', WHOLE.slice(0, -9), '[]', 'null', '7', '"text"', '\0\0\0', '<<<<<<< HEAD\n{}\n'];

test.after(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function assertTold(path: string, read: () => unknown): void {
  assert.throws(
    read,
    (error: Error) =>
      error instanceof OperationError && error.message.includes(path) && error.message.includes('mlops compile'),
  );
}

test('a damaged plan of processes', () => {
  for (const text of [...DAMAGES, '{}', '{"processes": {}}']) {
    write(workspace.plan, text);
    assertTold(workspace.plan, () => readPlan(workspace));
  }
  write(workspace.plan, WHOLE);
  assert.equal(readPlan(workspace).processes, []);
});

test('a damaged contract, of which a lock is wanted', () => {
  for (const text of DAMAGES) {
    write(contract, text);
    assertTold(contract, () => referredLocks(workspace));
  }
  write(contract, '{"training": {"lock": "models/churn/requirements.lock"}}');
  assert.equal(referredLocks(workspace), ['models/churn/requirements.lock']);
});

test.run();
