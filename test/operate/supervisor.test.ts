import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlannedProgram, programPath } from '../../compiler/operate/machine/server-programs.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { stopPlatform } from '../../compiler/operate/supervisor/stop.ts';
import { isRunning, startProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { eventually, node, runningIn, type Sandbox, server, withSandbox } from './sandbox.ts';

const start = ({ workspace, progress }: Sandbox) => startProcesses(workspace, progress, false);
const refusal = (sandbox: Sandbox): Promise<string> =>
  start(sandbox).then(
    () => '',
    ({ message }: Error) => message,
  );
const ask = async (port: number) =>
  (await (await fetch(`http://127.0.0.1:${port}`)).json()) as { greeting: string; key: string; pid: number };
const unit = ({ workspace }: Sandbox, name: string) => readRecord(workspace)?.units.find((one) => one.name === name);
const pidOf = (sandbox: Sandbox, name: string) => unit(sandbox, name)?.process?.pid ?? 0;

test(
  'a process is healthy at the end of the start, with its placeholders filled',
  withSandbox({ processes: [{ name: 'web', command: server(15300), port: 15300 }] }, async (sandbox) => {
    await start(sandbox);
    const { greeting, key } = await ask(15300);
    assert.is(greeting, `from ${sandbox.workspace.state}`);
    assert.match(key, /^[\w-]{43}$/);
    assert.is(key, readFileSync(join(sandbox.workspace.state, 'secrets', 'key'), 'utf8'));
    assert.is(statSync(join(sandbox.workspace.state, 'secrets', 'key')).mode & 0o777, 0o600);
    assert.is(statSync(sandbox.workspace.state).mode & 0o777, 0o700, 'no other user reads what lies in it');
    assert.ok(isRunning(sandbox.workspace));
  }),
);

test(
  'a step runs after the process that it needs is healthy, and before the one that needs it',
  withSandbox(
    {
      setup: [
        {
          name: 'call',
          needs: ['first'],
          command: node("fetch('http://127.0.0.1:15301').then(() => console.log('called'))"),
        },
      ],
      processes: [
        { name: 'first', command: server(15301), port: 15301 },
        { name: 'second', needs: ['call'], command: server(15302), port: 15302 },
      ],
    },
    async (sandbox) => {
      // `first` stands behind `call` in the file's order, as processes do behind steps.
      await start(sandbox);
      assert.is(readFileSync(join(sandbox.workspace.logs, 'call.log'), 'utf8'), 'called\n');
      assert.is(unit(sandbox, 'call')?.state, 'done');
      assert.is((await ask(15302)).pid, pidOf(sandbox, 'second'));
    },
  ),
);

test(
  'a process that dies while it starts is named with its last words and its log, and nothing is left running',
  withSandbox(
    {
      processes: [
        { name: 'web', command: server(15303), port: 15303 },
        {
          name: 'broken',
          needs: ['web'],
          command: node("console.error('no such table: runs'); process.exit(4)"),
          port: 15304,
        },
      ],
    },
    async (sandbox) => {
      const failure = await start(sandbox).then(
        () => null,
        (error: Error) => error.message,
      );
      assert.match(failure ?? '', /broken ended while it was starting \(exit status 4\)/);
      assert.match(failure ?? '', /no such table: runs/);
      assert.match(failure ?? '', join(sandbox.workspace.logs, 'broken.log'));
      assert.equal(runningIn(sandbox), []);
    },
  ),
);

test(
  'a port in use is named with its holder and the field to change, before anything starts',
  withSandbox({ processes: [{ name: 'web', command: server(15305), port: 15305 }] }, async (sandbox) => {
    const { createServer } = await import('node:net');
    const taken = createServer().listen(15305, '127.0.0.1');
    await eventually('listening', () => taken.listening);
    const failure = await refusal(sandbox);
    taken.close();
    assert.match(failure, /^Port 15305, which web needs, is in use/);
    if (process.platform === 'linux') assert.match(failure, `(process ${process.pid})`);
    assert.match(failure, /environments\.local\.ports\.web in platform\.yaml/);
    assert.equal(runningIn(sandbox), []);
  }),
);

const clone = {
  processes: [
    { name: 'web', command: server(15390), port: 15390 },
    { name: 'api', command: server(15391), port: 15391, port_field: 'serving.online.port in models/api/model.yaml' },
  ],
};

test(
  'beside a clone that runs, all ports that are taken are said, how to stop it, and how to move this one',
  withSandbox(clone, async (one) => {
    await start(one);
    await withSandbox(clone, async (other) => {
      const failure = await refusal(other);
      assert.match(failure, /^Port 15390, which web needs, is in use.*; so is 15391 \(api\)\.$/m);
      if (process.platform === 'linux')
        assert.match(failure, `Stop that platform (\`mlops -C ${one.workspace.root} down --env local\`)`);
      assert.match(failure, 'give environments.local in platform.yaml another `port_offset`');
      assert.match(
        failure,
        'environments.local.ports.web in platform.yaml, serving.online.port in models/api/model.yaml.',
      );
      assert.equal(runningIn(other), []);
      assert.is((await ask(15390)).pid, pidOf(one, 'web'));
    })();
  }),
);

test(
  'a crashed process is started again',
  withSandbox({ processes: [{ name: 'web', command: server(15306), port: 15306 }] }, async (sandbox) => {
    await start(sandbox);
    const first = pidOf(sandbox, 'web');
    process.kill(first, 'SIGKILL');
    const again = await eventually(
      'healthy again',
      () => unit(sandbox, 'web')?.state === 'healthy' && pidOf(sandbox, 'web') !== first && unit(sandbox, 'web'),
    );
    assert.is(again.restarts, 1);
    assert.is(again.exit, 'signal SIGKILL');
  }),
);

test(
  'a process that crashes again and again is given up, and the record says so',
  withSandbox(
    { processes: [{ name: 'weak', command: node('setTimeout(() => process.exit(7), 1100)') }] },
    async (sandbox) => {
      process.env['MLOPS_RESTART_BACKOFF_MS'] = '5';
      await start(sandbox).finally(() => delete process.env['MLOPS_RESTART_BACKOFF_MS']);
      const weak = await eventually(
        'given up',
        () => unit(sandbox, 'weak')?.state === 'failed' && unit(sandbox, 'weak'),
      );
      assert.is(weak.exit, 'exit status 7');
      assert.is(weak.restarts, 5);
    },
  ),
);

test(
  'stopping ends children in sessions of their own, too, after the supervisor was killed',
  withSandbox(
    {
      processes: [
        { name: 'web', command: server(15307), port: 15307 },
        { name: 'parent', command: node(strayParent()) },
      ],
    },
    async (sandbox) => {
      await start(sandbox);
      await eventually('the stray child', () => runningIn(sandbox).length >= 4);
      process.kill(readRecord(sandbox.workspace)?.supervisor.pid ?? 0, 'SIGKILL');
      process.kill(pidOf(sandbox, 'parent'), 'SIGKILL');
      await stopPlatform(sandbox.workspace);
      assert.equal(runningIn(sandbox), []);
      assert.not.ok(await ask(15307).catch(() => null));
    },
  ),
);

/** Leaves a grandchild in a session of its own that ignores SIGTERM's default, as daemons do. */
function strayParent(): string {
  const stray = "process.on('SIGTERM', () => setTimeout(() => process.exit(0), 200)); setInterval(() => {}, 1000)";
  return (
    `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stray)}], { detached: true, ` +
    `stdio: 'ignore' }).unref(); setInterval(() => {}, 1000)`
  );
}

test(
  'what was started for an owner stops when the owner was killed',
  withSandbox({ processes: [{ name: 'web', command: server(15311), port: 15311 }] }, async (sandbox) => {
    const script = fileURLToPath(new URL('./owner.ts', import.meta.url));
    const owner = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, sandbox.workspace.root], {
      stdio: 'ignore',
    });
    await eventually('healthy', () => unit(sandbox, 'web')?.state === 'healthy');
    owner.kill('SIGKILL');
    await eventually('all stopped', () => runningIn(sandbox).length === 0);
  }),
);

test(
  'the supervisor goes on where nothing that it says can be written',
  withSandbox({ processes: [{ name: 'web', command: server(15314), port: 15314 }] }, async ({ workspace }) => {
    mkdirSync(join(workspace.run, 'supervisor.json'), { recursive: true });
    const full = openSync('/dev/full', 'w');
    const program = fileURLToPath(new URL('../../compiler/operate/supervisor/daemon.ts', import.meta.url));
    const daemon = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), program, workspace.root, workspace.environment],
      { stdio: ['ignore', full, full] },
    );
    await eventually('answering', () => ask(15314).catch(() => null));
    await sleep(2000); // in which it fails to write its record four times, and to say so
    assert.is(daemon.exitCode, null);
    daemon.kill('SIGKILL');
  }),
);

test(
  'a process of another checkout is not touched',
  withSandbox({ processes: [{ name: 'web', command: server(15309), port: 15309 }] }, async (one) => {
    await start(one);
    await withSandbox({ processes: [{ name: 'web', command: server(15310), port: 15310 }] }, async (other) => {
      await start(other);
      await stopPlatform(other.workspace);
      assert.equal(runningIn(other), []);
    })();
    assert.is((await ask(15309)).pid, pidOf(one, 'web'));
  }),
);

const absent = (title: string) => ({ title, from: `${title}'s makers`, find: { names: [`no-${title}-here`] } });

test(
  'what the plan asks of this machine and is not there is named, all of it, before anything starts',
  withSandbox(
    {
      programs: {
        // Node is there, and so is the folder of the newest of its versions.
        node: { title: 'Node', from: 'nodejs.org', find: { names: ['node'] } },
        one: absent('one'),
        two: { ...absent('two'), find: { jars: 'two' } },
      },
      processes: [{ name: 'web', command: server(15329), port: 15329 }],
    },
    async (sandbox) => {
      const message = await start(sandbox).then(
        () => 'it started',
        (problem: Error) => problem.message,
      );
      assert.match(message, "  one, from one's makers\n  two, from two's makers\n");
      assert.not.match(message, 'Node');
      assert.equal(runningIn(sandbox), []);
    },
  ),
);

test(
  'a program stands for where it is on this machine, in the newest version of a folder before the PATH',
  withSandbox({}, async ({ workspace }) => {
    const versions = join(workspace.root, 'versions');
    for (const version of ['9', '15']) {
      mkdirSync(join(versions, version, 'bin'), { recursive: true });
      writeFileSync(join(versions, version, 'bin', 'node'), '', { mode: 0o755 });
    }
    const found = (find: PlannedProgram['find']) => programPath({ title: 'Node', from: 'nodejs.org', find });
    assert.is(found({ names: ['node'], versions }), join(versions, '15', 'bin', 'node'));
    assert.match(found({ names: ['none', 'node'], versions: join(versions, 'none') }), /\/node$/);
  }),
);

test.run();
