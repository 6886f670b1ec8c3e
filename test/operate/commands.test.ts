/** The real command line on a small checkout; its Python environment has an empty lock. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { identify } from '../../compiler/operate/machine/process-table.ts';
import { begin, mlops } from './cli.ts';
import { eventually, node, runningIn, server, withSandbox, writePlan } from './sandbox.ts';

test(
  'up, status and down: all healthy, then nothing',
  withSandbox({ processes: [{ name: 'web', command: server(15320), port: 15320 }] }, async (sandbox) => {
    const up = await mlops(sandbox, 'up');
    assert.is(up.exit, 0, up.printed);
    assert.match(up.printed, /web +http:\/\/127\.0\.0\.1:15320/);

    const status = await mlops(sandbox, 'status', '--format', 'json');
    assert.is(status.exit, 0, status.printed);
    const { isHealthy, processes } = JSON.parse(status.printed);
    assert.ok(isHealthy);
    assert.is(processes[0].state, 'healthy');
    // Pages of Node that other processes share are divided among them, so on a busy machine little is left.
    if (process.platform === 'linux') assert.ok(processes[0].memory > 1_000_000, 'memory of its process tree');

    const again = await mlops(sandbox, 'up');
    assert.match(again.printed, /local is running already/);

    assert.match((await mlops(sandbox, 'down')).printed, /^Stopped 'local': \d+ process(es)?\.\n$/);
    assert.equal(runningIn(sandbox), []);
    assert.is((await mlops(sandbox, 'down')).printed, "Nothing of 'local' is running.\n");
    assert.is((await mlops(sandbox, 'status')).exit, 1);
  }),
);

test(
  'Ctrl-C while things start stops all of them',
  withSandbox(
    {
      setup: [{ name: 'slow', command: node('setInterval(() => {}, 1000)') }],
      processes: [{ name: 'web', command: server(15321), port: 15321 }],
    },
    async (sandbox) => {
      const up = begin(sandbox, 'up');
      await eventually('the step runs', () => runningIn(sandbox).some(({ unit }) => unit === 'slow'));
      up.child.kill('SIGINT');
      assert.is(await up.exit, 130, up.printed());
      assert.match(up.printed(), /Stopped; no process is left\.\n$/);
      assert.equal(runningIn(sandbox), []);
    },
  ),
);

test(
  'of two starts at once one is told of the other, and down ends the one that starts',
  withSandbox({ setup: [{ name: 'slow', command: node('setInterval(() => {}, 1000)') }] }, async (sandbox) => {
    const first = begin(sandbox, 'up');
    await eventually('the step runs', () => runningIn(sandbox).some(({ unit }) => unit === 'slow'));
    const second = await mlops(sandbox, 'up');
    assert.is(second.exit, 2);
    assert.match(
      second.printed,
      `Another \`mlops\` (process ${first.child.pid}) starts, deploys or backs up 'local' here.`,
    );
    await mlops(sandbox, 'down');
    assert.is(await first.exit, 143);
    assert.equal(runningIn(sandbox), []);
  }),
);

test(
  'the lock of a start that was killed is taken over, also when its process number is in use again',
  withSandbox({ processes: [{ name: 'web', command: server(15322), port: 15322 }] }, async (sandbox) => {
    mkdirSync(sandbox.workspace.run, { recursive: true });
    writeFileSync(join(sandbox.workspace.run, 'lock'), JSON.stringify({ ...identify(process.pid), started: '1' }));
    const up = await mlops(sandbox, 'up');
    assert.is(up.exit, 0, up.printed);
  }),
);

test(
  'a process that answers, but not what its callers want, is not ready, with its reason, and may wait for a champion',
  withSandbox(
    {
      processes: [
        {
          name: 'web',
          command: node(
            `let waits = null; require('node:http').createServer(({ url }, answer) => { ` +
              `if (url === '/wait') waits = 'champion'; if (url === '/readyz') { answer.statusCode = 503; ` +
              `answer.end(JSON.stringify({ reason: 'there is no champion', waits_for: waits })) } ` +
              `else answer.end('{}') }).listen(15324, '127.0.0.1')`,
          ),
          port: 15324,
          ready: 'http://127.0.0.1:15324/readyz',
        },
      ],
    },
    async (sandbox) => {
      await mlops(sandbox, 'up');
      const status = await mlops(sandbox, 'status');
      assert.is(status.exit, 1);
      assert.match(status.printed, /web +not ready/);
      assert.match(status.printed, 'web is not ready: there is no champion');
      assert.is((await mlops(sandbox, 'status', '--without-champion')).exit, 1);
      await fetch('http://127.0.0.1:15324/wait');
      assert.is((await mlops(sandbox, 'status')).exit, 1);
      assert.is((await mlops(sandbox, 'status', '--without-champion')).exit, 0);
    },
  ),
);

test(
  'a run and a backfill need a platform of this checkout',
  withSandbox({ processes: [] }, async (sandbox) => {
    const pipelines = join(sandbox.workspace.root, 'generated/common/runtime/pipelines');
    mkdirSync(pipelines, { recursive: true });
    writeFileSync(join(pipelines, 'flights.json'), '{}');
    const run = await mlops(sandbox, 'run', 'flights');
    assert.is(run.exit, 2);
    assert.match(run.printed, "Nothing of 'local' is running");
  }),
);

test(
  'status shows a platform whose supervisor was killed, and exits 1',
  withSandbox({ processes: [{ name: 'web', command: server(15323), port: 15323 }] }, async (sandbox) => {
    await mlops(sandbox, 'up');
    process.kill(runningIn(sandbox).find(({ unit }) => unit === 'supervisor')?.pid ?? 0, 'SIGKILL');
    const status = await mlops(sandbox, 'status');
    assert.is(status.exit, 1);
    assert.match(status.printed, /web +healthy/);
    assert.match(status.printed, /The supervisor has gone/);
  }),
);

test(
  'a changed plan is started in place of the one that runs',
  withSandbox({ processes: [{ name: 'web', command: server(15324), port: 15324 }] }, async (sandbox) => {
    await mlops(sandbox, 'up');
    writePlan(sandbox.workspace.root, { processes: [{ name: 'web', command: server(15325), port: 15325 }] });
    const up = await mlops(sandbox, 'up');
    assert.is(up.exit, 0, up.printed);
    assert.ok((await fetch('http://127.0.0.1:15325')).ok);
    assert.not.ok(await fetch('http://127.0.0.1:15324').catch(() => null));
  }),
);

test(
  'an environment that was not compiled is named, with those that were',
  withSandbox({ processes: [] }, async (sandbox) => {
    const up = await mlops(sandbox, 'up', '--env', 'staging');
    assert.is(up.exit, 2);
    assert.is(
      up.printed,
      "mlops: There is no environment 'staging' in generated/; it has local. Pass --env, or add it to " +
        'platform.yaml and compile.\n',
    );
  }),
);

test(
  'an environment of a host that is not ours to start is named with what starts it',
  withSandbox({}, async (sandbox) => {
    const folder = join(sandbox.workspace.root, 'generated', 'prod', 'compose');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'compose.yaml'), 'services: {}\n');
    for (const command of ['up', 'status']) {
      const { exit, printed } = await mlops(sandbox, command, '--env', 'prod');
      assert.is(exit, 2);
      assert.match(printed, "mlops: 'prod' runs in containers, which a deploy starts: mlops secrets make --env prod, ");
    }
  }),
);

test.run();
