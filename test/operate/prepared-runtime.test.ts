/** One Python for many calls, as whoever calls sees it. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { callRuntime } from '../../compiler/operate/supervisor/call-runtime.ts';
import type { ProcessPlan } from '../../compiler/operate/supervisor/process-plan.ts';
import { openWorkspace, type Workspace } from '../../compiler/operate/workspace.ts';

const PYTHON = process.env['MLOPS_TEST_PYTHON'] ?? 'python3';

const ROOT = join(import.meta.dirname, '../..');
const root = realpathSync(mkdtempSync(join(tmpdir(), 'mlops-prepared-')));
for (const part of ['common', 'local'])
  cpSync(join(ROOT, 'compiler/test/platforms/flights/golden', part), join(root, 'generated', part), {
    recursive: true,
  });
const compiled = openWorkspace(root, 'local');

/** With the runtime of this checkout. */
const here = { ...compiled, python: PYTHON };
const plan = JSON.parse(readFileSync(here.plan, 'utf8')) as ProcessPlan;
plan.environment_variables['PYTHONPATH'] = join(ROOT, 'runtime');
writeFileSync(here.plan, JSON.stringify(plan));

const MODELS = ['cancellation', 'departure_delay'];
const EXPECTED = ['experiment', 'registered_model'].flatMap((kind) => MODELS.map((model) => `mlflow/${kind}/${model}`));
const desired = async (workspace: Workspace): Promise<string[]> => {
  const { objects } = await callRuntime(workspace, ['live', 'mlflow', 'desired'], { log: 'desired' });
  return Object.keys(objects as object).sort();
};

/** Process ids of the Pythons that this process has started to answer calls. */
function answering(): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1];
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return Number(parent) === process.pid && words.includes('answer') ? [Number(pid)] : [];
    } catch {
      return []; // it has ended
    }
  });
}

test('calls are answered by one Python, side by side', async () => {
  assert.equal(await Promise.all([desired(here), desired(here)]), [EXPECTED, EXPECTED]);
  assert.is(answering().length, 1);
});

test('a call that fails says why, and where its log is', async () => {
  const problem = await callRuntime(here, ['live', 'sundial', 'observe'], { log: 'sundial' }).catch(String);
  assert.match(String(problem), /failed \(exit status 2\)[\s\S]*invalid choice: 'sundial'/);
  assert.match(String(problem), join(compiled.logs, 'sundial.log'));
  assert.equal(await desired(here), EXPECTED);
});

test('where the Python is killed, the next call starts another', async () => {
  await desired(here);
  for (const pid of answering()) process.kill(pid, 'SIGKILL');
  const after = await desired(here).catch(() => desired(here)); // it may be asked before its end is known
  assert.equal(after, EXPECTED);
});

test('a Python without the runtime is told by its own words', async () => {
  const bare = { ...compiled, python: '/usr/bin/python3' };
  const problem = await desired(bare).catch(String);
  assert.match(String(problem), /mlops_runtime live mlflow desired` failed \(exit status 1\)/);
  assert.match(String(problem), /No module named /);
  const none = await desired({ ...compiled, python: '/nowhere/python' }).catch(String);
  assert.match(String(none), /failed \(.*ENOENT/);
});

test.after(() => rmSync(root, { recursive: true, force: true }));
test.run();
