/** What counts as healthy, with real processes; what long work tells of itself. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fetchedBy } from '../../compiler/operate/python/environment.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { stopPlatform } from '../../compiler/operate/supervisor/stop.ts';
import { startProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { eventually, node, type Sandbox, server, withSandbox } from './sandbox.ts';

const start = ({ workspace, progress }: Sandbox) => startProcesses(workspace, progress, false);
const unit = ({ workspace }: Sandbox, name: string) => readRecord(workspace)?.units.find((one) => one.name === name);
const pidOf = (sandbox: Sandbox, name: string) => unit(sandbox, name)?.process?.pid ?? 0;

// As slow as a server that first loads its packages, and finds its port taken then.
const late = { name: 'web', command: node('setInterval(() => {}, 1000)'), port: 15312 };

test(
  'a process is not healthy because another one answers on its port',
  withSandbox({ processes: [late] }, async (sandbox) => {
    const starting = start(sandbox).catch(() => null);
    await eventually('started', () => pidOf(sandbox, 'web') > 0);
    const [program = '', ...args] = server(15312);
    const other = spawn(program, args, { stdio: 'ignore' });
    await eventually('answering', () => fetch('http://127.0.0.1:15312').catch(() => null));
    await sleep(1500); // in which its health is asked seven times
    assert.is(unit(sandbox, 'web')?.state, 'starting');
    other.kill('SIGKILL');
    await stopPlatform(sandbox.workspace);
    await starting;
  }),
);

test(
  'a process of which another says that it does not work is unhealthy, and is started again when that goes on',
  withSandbox(
    {
      processes: [
        { name: 'api', command: node(judge(15313)), port: 15313 },
        {
          name: 'scheduler',
          command: node('setInterval(() => {}, 1000)'),
          needs: ['api'],
          health: 'http://127.0.0.1:15313/health#scheduler.status=healthy',
        },
      ],
    },
    async (sandbox) => {
      process.env['MLOPS_HEALTH_INTERVAL_MS'] = '10';
      process.env['MLOPS_RESTART_BACKOFF_MS'] = '5';
      try {
        await start(sandbox);
      } finally {
        delete process.env['MLOPS_HEALTH_INTERVAL_MS'];
        delete process.env['MLOPS_RESTART_BACKOFF_MS'];
      }
      const first = pidOf(sandbox, 'scheduler');
      await fetch('http://127.0.0.1:15313/break');
      await eventually('ended', () => (unit(sandbox, 'scheduler')?.restarts ?? 0) > 0);
      assert.is(unit(sandbox, 'scheduler')?.exit, 'signal SIGKILL');
      await fetch('http://127.0.0.1:15313/mend');
      await eventually('healthy again', () => unit(sandbox, 'scheduler')?.state === 'healthy');
      assert.is.not(pidOf(sandbox, 'scheduler'), first);
    },
  ),
);

test(
  'a process is healthy when it has found out whether it is ready, and not before',
  withSandbox(
    {
      processes: [
        {
          name: 'api',
          command: node(
            `let asked = 0; require('node:http').createServer(({ url }, answer) => { if (url === '/readyz') ` +
              `answer.writeHead(503).end(JSON.stringify({ status: asked++ < 3 ? 'starting' : 'not ready', asked })); ` +
              `else answer.end(String(asked)) }).listen(15316, '127.0.0.1')`,
          ),
          port: 15316,
          ready: 'http://127.0.0.1:15316/readyz',
        },
      ],
    },
    async (sandbox) => {
      await start(sandbox);
      assert.is(await (await fetch('http://127.0.0.1:15316')).text(), '4');
    },
  ),
);

/** A server that says of a scheduler what it is told to. */
function judge(port: number): string {
  return (
    `let status = 'healthy'; require('node:http').createServer(({ url }, answer) => { ` +
    `if (url === '/break') status = 'unhealthy'; if (url === '/mend') status = 'healthy'; ` +
    `answer.end(JSON.stringify({ scheduler: { status } })) }).listen(${port}, '127.0.0.1')`
  );
}

test('pip tells how far it is', () => {
  const log = ['Collecting a==1 (from -r lock (line 1))', '  Downloading a-1.whl (2 kB)', 'Collecting b==2'].join('\n');
  assert.is(fetchedBy(log), '2 fetched');
  assert.is(fetchedBy(`${log}\nInstalling collected packages: b, a\n`), 'all fetched, unpacking');
});

test.run();
