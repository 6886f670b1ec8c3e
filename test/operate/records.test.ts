/** Files that the platform keeps for itself: whole or not there, and what is damaged is no record. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { identify } from '../../compiler/operate/machine/process-table.ts';
import { type RecordFile, readRecordFile, writeRecordFile } from '../../compiler/operate/machine/record-file.ts';
import { generatedSecret } from '../../compiler/operate/secrets.ts';
import { readRecord, supervisorRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { lockHolder, startLock, withStartLock } from '../../compiler/operate/supervisor/start-lock.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { championRecord } from '../../compiler/release/champions.ts';
import { deploymentRecord, recordDeployment } from '../../compiler/release/record.ts';
import { mlops } from './cli.ts';
import { eventually, node, runningIn, server, withSandbox } from './sandbox.ts';

const root = mkdtempSync(join(tmpdir(), 'mlops-records-'));
const workspace = openWorkspace(root, 'local');
test.after(() => rmSync(root, { recursive: true, force: true }));

const self = identify(process.pid) ?? { pid: 0, started: '' };
const unit = {
  name: 'web',
  kind: 'process',
  digest: 'u',
  state: 'healthy',
  process: self,
  restarts: 0,
  log: '/web.log',
};
const running = {
  supervisor: self,
  digest: 'd',
  units: [{ ...unit, address: null, health: null, ready: null, port: null, exit: null }],
};

/** Each with a record as it is written, and what of it may be missing without making it another file's. */
const files: [file: RecordFile<unknown>, record: unknown][] = [
  [supervisorRecord(workspace), { ...running, refused: null }],
  [startLock(workspace), self],
  [deploymentRecord(workspace), [{ at: '2026-01-31T06:00:00.000Z', commit: null }]],
  [championRecord(workspace), { champions: { departure_delay: { version: '3', inputs: ['distance'] } } }],
];

/** Left by a disk that was full, by a power cut, or by somebody's editor. */
function damages(record: unknown): string[] {
  const whole = JSON.stringify(record);
  const cut = [0, 1, Math.floor(whole.length / 2), whole.length - 1].map((length) => whole.slice(0, length));
  const [first = record] = Array.isArray(record) ? record : [record];
  const lacking = Object.keys(first as object).map((key) => {
    const { [key]: _, ...rest } = first as Record<string, unknown>;
    return JSON.stringify(Array.isArray(record) ? [rest] : rest);
  });
  return [...cut, '{}', '[null]', '[{}]', 'null', '0', '"text"', '\0'.repeat(64), ...lacking];
}

for (const [file, record] of files) {
  const name = file.path.slice(root.length + 1);

  test(`${name} is read as it was written, and nothing is left beside it`, () => {
    writeRecordFile(file, record);
    assert.equal(readRecordFile(file), record);
    writeRecordFile(file, record);
    assert.equal(
      readdirSync(dirname(file.path)).filter((each) => each.startsWith(file.path.split('/').at(-1) ?? '')),
      [file.path.split('/').at(-1)],
    );
  });

  test(`${name} that is not there, or is damaged, is no record`, () => {
    rmSync(file.path, { force: true });
    assert.is(readRecordFile(file), null);
    for (const text of damages(record)) {
      writeFileSync(file.path, text);
      assert.is(readRecordFile(file), null, JSON.stringify(text));
    }
  });
}

test('a deployment is recorded also where the record before is damaged', () => {
  writeFileSync(deploymentRecord(workspace).path, '[{"at": ');
  recordDeployment(workspace);
  recordDeployment(workspace);
  assert.is(readRecordFile(deploymentRecord(workspace))?.length, 2);
});

test('a damaged lock holds nobody up, and is gone afterwards', async () => {
  for (const text of damages(self)) {
    mkdirSync(workspace.run, { recursive: true });
    writeFileSync(startLock(workspace).path, text);
    assert.is(lockHolder(workspace), null, text);
    assert.is(await withStartLock(workspace, async () => lockHolder(workspace)?.pid), process.pid);
    assert.is(lockHolder(workspace), null);
  }
});

test('a secret is made once, and one that was lost to a crash is not made again', () => {
  const made = generatedSecret(workspace.state, 'key');
  assert.match(made, /^[\w-]{43}$/);
  assert.is(generatedSecret(workspace.state, 'key'), made);
  assert.equal(readdirSync(join(workspace.state, 'secrets')), ['key']);
  writeFileSync(join(workspace.state, 'secrets/key'), '');
  assert.throws(() => generatedSecret(workspace.state, 'key'), /secrets\/key is empty\. Restore it from a backup/);
});

test(
  'a supervisor whose record is damaged writes it again',
  withSandbox({ processes: [{ name: 'web', command: server(15330), port: 15330 }] }, async (sandbox) => {
    await mlops(sandbox, 'up');
    const { path } = supervisorRecord(sandbox.workspace);
    const whole = readFileSync(path, 'utf8');
    for (const text of ['', '{}', whole.slice(0, 40)]) {
      writeFileSync(path, text);
      await eventually('it is there again', () => readRecord(sandbox.workspace) !== null);
    }
    assert.is(readFileSync(path, 'utf8'), whole);
    const status = await mlops(sandbox, 'status');
    assert.is(status.exit, 0, status.printed);
  }),
);

test(
  'without a supervisor and with a damaged record, status names what runs, and down ends it',
  withSandbox({ processes: [{ name: 'web', command: server(15331), port: 15331 }] }, async (sandbox) => {
    await mlops(sandbox, 'up');
    process.kill(runningIn(sandbox).find((each) => each.unit === 'supervisor')?.pid ?? 0, 'SIGKILL');
    writeFileSync(supervisorRecord(sandbox.workspace).path, '[]');
    const status = await mlops(sandbox, 'status');
    assert.is(status.exit, 1, status.printed);
    assert.match(status.printed, /web +running +\d+/);
    const deploy = await mlops(sandbox, 'down');
    assert.is(deploy.exit, 0, deploy.printed);
    assert.equal(runningIn(sandbox), []);
  }),
);

test(
  'up starts everything again where the record is damaged',
  withSandbox(
    { setup: [{ name: 'step', command: node('') }], processes: [{ name: 'web', command: server(15332), port: 15332 }] },
    async (sandbox) => {
      await mlops(sandbox, 'up');
      process.kill(runningIn(sandbox).find((each) => each.unit === 'supervisor')?.pid ?? 0, 'SIGKILL');
      writeFileSync(supervisorRecord(sandbox.workspace).path, '{"supervisor":');
      const up = await mlops(sandbox, 'up');
      assert.is(up.exit, 0, up.printed);
      assert.ok((await fetch('http://127.0.0.1:15332')).ok);
    },
  ),
);

test.run();
