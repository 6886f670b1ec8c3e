/** What `mlops deploy` does to running processes: only what differs is ended and started. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import {
  changedSecrets,
  isRunning,
  reloadProcesses,
  startProcesses,
} from '../../compiler/operate/supervisor/supervisor.ts';
import { describeLeft, node, type Sandbox, server, withSandbox, writePlan } from './sandbox.ts';

const pids = ({ workspace }: Sandbox) =>
  Object.fromEntries((readRecord(workspace)?.units ?? []).map(({ name, process: id }) => [name, id?.pid ?? 0]));
const reload = ({ workspace }: Sandbox) => reloadProcesses(workspace, () => {});

test(
  'a new plan ends what is gone, starts what is new or differs, and leaves the rest alone',
  withSandbox(
    {
      processes: [
        { name: 'kept', command: server(15370), port: 15370 },
        { name: 'changed', command: server(15371), port: 15371 },
        { name: 'gone', command: server(15372), port: 15372 },
      ],
    },
    async (sandbox) => {
      await startProcesses(sandbox.workspace, sandbox.progress, false);
      const before = pids(sandbox);
      writePlan(sandbox.workspace.root, {
        processes: [
          { name: 'kept', command: server(15370), port: 15370 },
          { name: 'changed', command: server(15371), port: 15371, env: { GREETING: 'other' } },
          { name: 'added', command: server(15373), port: 15373, needs: ['changed'] },
        ],
      });
      assert.is(await reload(sandbox), 2);
      const after = pids(sandbox);
      assert.equal(Object.keys(after), ['kept', 'changed', 'added']);
      assert.is(after['kept'], before['kept']);
      assert.is.not(after['changed'], before['changed']);
      assert.is(((await (await fetch('http://127.0.0.1:15371')).json()) as { greeting: string }).greeting, 'other');
      assert.not.ok(describeLeft(sandbox).some((line) => line.includes('15372')));
      assert.ok(isRunning(sandbox.workspace));
      assert.is(await reload(sandbox), 0);
    },
  ),
);

test(
  'a process is restarted when a file that it reads has changed',
  withSandbox({}, async (sandbox) => {
    const { root } = sandbox.workspace;
    mkdirSync(join(root, 'models', 'm'), { recursive: true });
    writeFileSync(join(root, 'models', 'm', 'train.py'), 'one');
    const entry = { name: 'api', command: server(15374), port: 15374, reads: ['models/m', 'generated/absent.json'] };
    writePlan(root, { processes: [entry] });
    await startProcesses(sandbox.workspace, sandbox.progress, false);
    const before = pids(sandbox);
    assert.is(await reload(sandbox), 0);
    writeFileSync(join(root, 'models', 'm', 'train.py'), 'two');
    assert.is(await reload(sandbox), 1);
    assert.is.not(pids(sandbox)['api'], before['api']);
  }),
);

/** The variables of a process, as it was started. */
const variablesOf = (pid: number): string[] => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');

test(
  'a secret that is set later restarts the processes that take it, which alone have it, and nothing on disk holds it',
  withSandbox(
    {
      processes: [
        { name: 'reader', command: server(15379), port: 15379, takes: ['MLOPS_SECRET_HELPDESK_TOKEN'] },
        { name: 'other', command: server(15380), port: 15380 },
      ],
    },
    async (sandbox) => {
      const { workspace } = sandbox;
      try {
        await startProcesses(workspace, sandbox.progress, false);
        for (const value of ['first-of-two', 'second-of-two']) {
          process.env['MLOPS_SECRET_HELPDESK_TOKEN'] = value;
          const before = pids(sandbox);
          assert.equal(changedSecrets(workspace), ['MLOPS_SECRET_HELPDESK_TOKEN']);
          assert.not.ok(isRunning(workspace));
          assert.is(await reload(sandbox), 1);
          const after = pids(sandbox);
          assert.is.not(after['reader'], before['reader']);
          assert.is(after['other'], before['other']);
          assert.ok(variablesOf(after['reader'] ?? 0).includes(`MLOPS_SECRET_HELPDESK_TOKEN=${value}`));
          assert.not.ok(variablesOf(after['other'] ?? 0).some((each) => each.includes('HELPDESK')));
          assert.is(await reload(sandbox), 0);
        }
        // Whoever deploys without it leaves it as it is.
        delete process.env['MLOPS_SECRET_HELPDESK_TOKEN'];
        assert.is(await reload(sandbox), 0);
        const held = spawnSync('grep', ['-rl', 'of-two', workspace.root], { encoding: 'utf8' });
        assert.is(held.stdout, '');
      } finally {
        delete process.env['MLOPS_SECRET_HELPDESK_TOKEN'];
      }
    },
  ),
);

test(
  'a new process that does not start is a sentence with its log, and the others go on',
  withSandbox({ processes: [{ name: 'kept', command: server(15375), port: 15375 }] }, async (sandbox) => {
    await startProcesses(sandbox.workspace, sandbox.progress, false);
    writePlan(sandbox.workspace.root, {
      processes: [
        { name: 'kept', command: server(15375), port: 15375 },
        { name: 'broken', command: node("console.error('no such model'); process.exit(4)"), port: 15376 },
      ],
    });
    const problem = await reload(sandbox).then(
      () => null,
      (error: unknown) => error,
    );
    assert.instance(problem, OperationError);
    assert.match(
      (problem as OperationError).message,
      /broken ended while it was starting \(exit status 4\)[\s\S]*no such model/,
    );
    assert.ok((await fetch('http://127.0.0.1:15375')).ok);
  }),
);

test(
  'a plan that the supervisor cannot use is a sentence, and what runs goes on',
  withSandbox({ processes: [{ name: 'kept', command: server(15378), port: 15378 }] }, async (sandbox) => {
    const { root } = sandbox.workspace;
    // Whoever deploys finds Kafka, and the supervisor, which was started before, does not.
    process.env['MLOPS_TOOLS'] = join(root, 'empty');
    try {
      await startProcesses(sandbox.workspace, sandbox.progress, false);
      mkdirSync(join(root, 'tools', 'kafka'), { recursive: true });
      writeFileSync(join(root, 'tools', 'kafka', 'kafka.jar'), '');
      process.env['MLOPS_TOOLS'] = join(root, 'tools');
      writePlan(root, {
        programs: { kafka: { title: 'Kafka', from: 'Maven', find: { jars: 'kafka' } } },
        processes: [{ name: 'kept', command: ['$' + '{tool:kafka}'], port: 15378 }],
      });
      const problem = await reload(sandbox).catch((error: unknown) => error);
      assert.match((problem as Error).message, /The supervisor cannot use what was compiled: [\s\S]*Kafka/);
      assert.ok((await fetch('http://127.0.0.1:15378')).ok);
    } finally {
      delete process.env['MLOPS_TOOLS'];
    }
  }),
);

test(
  'where nothing runs there is nothing to take a plan over',
  withSandbox({ processes: [{ name: 'web', command: server(15377), port: 15377 }] }, async (sandbox) => {
    const problem = await reload(sandbox).catch((error: unknown) => error);
    assert.match((problem as Error).message, "Nothing of 'local' is running; `mlops up --env local` starts it");
  }),
);

test.run();
