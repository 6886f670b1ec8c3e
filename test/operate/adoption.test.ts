/** What goes on under a new supervisor where the one before was killed, and what is started again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { atCurrent } from '../../compiler/operate/releases.ts';
import { readRecord, supervisorRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { stopPlatform } from '../../compiler/operate/supervisor/stop.ts';
import { isRunning, startProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { begin, mlops } from './cli.ts';
import { eventually, node, runningIn, type Sandbox, server, withSandbox, writePlan } from './sandbox.ts';

const unit = ({ workspace }: Sandbox, name: string) => readRecord(workspace)?.units.find((one) => one.name === name);
const pidOf = (sandbox: Sandbox, name: string) => unit(sandbox, name)?.process?.pid ?? 0;
const killSupervisor = ({ workspace }: Sandbox) => process.kill(readRecord(workspace)?.supervisor.pid ?? 0, 'SIGKILL');
const names = ['one', 'two', 'plain', 'answers'];
const pids = (sandbox: Sandbox) => Object.fromEntries(names.map((name) => [name, pidOf(sandbox, name)]));

/** Answers until it is asked to fall silent. */
const moody = (port: number) =>
  node(
    `let silent = false; require('node:http').createServer(({ url }, answer) => { ` +
      `if (url === '/hush') silent = true; answer.statusCode = silent && url === '/' ? 500 : 200; ` +
      `answer.end('{}') }).listen(${port}, '127.0.0.1')`,
  );

/** In the state, which is the same in every release. */
const RAN = "require('node:fs').appendFileSync(process.env.GREETING.slice('from '.length) + '/steps', 'ran\\n')";

/** A step that leaves a line each time it runs, two servers, one without an address, and one that can fall ill. */
const plan = (changed: Record<string, string> = {}) => ({
  setup: [{ name: 'step', command: node(RAN) }],
  processes: [
    { name: 'one', command: server(15340), port: 15340, needs: ['step'] },
    { name: 'two', command: server(15341), port: 15341, needs: ['one'], env: changed },
    { name: 'plain', command: node('setInterval(() => {}, 1000)') },
    { name: 'answers', command: moody(15342), port: 15342 },
  ],
});

const start = async ({ workspace, progress, printed }: Sandbox): Promise<string> => {
  await startProcesses(workspace, progress, false);
  return printed();
};
const steps = ({ workspace }: Sandbox) => readFileSync(join(workspace.state, 'steps'), 'utf8').split('\n').length - 1;

for (const command of ['up', 'deploy'])
  test(
    `${command} after a killed supervisor starts nothing again of what is healthy, and looks after it`,
    withSandbox(plan(), async (sandbox) => {
      await mlops(sandbox, 'up');
      const before = pids(sandbox);
      killSupervisor(sandbox);
      const again = await takeOver(sandbox, command);
      assert.is(again.exit, 0, again.printed);
      assert.match(again.printed, '4 healthy, 4 of which ran already');
      assert.equal(pids(sandbox), before);
      assert.is(steps(sandbox), 1);
      assert.ok(isRunning(atCurrent(sandbox.workspace)));
      for (const name of ['one', 'plain']) process.kill(before[name] ?? 0, 'SIGKILL');
      for (const name of ['one', 'plain'])
        await eventually(`${name} is back`, () => {
          const now = unit(sandbox, name);
          return now?.state === 'healthy' && now.restarts === 1 && now.process?.pid !== before[name];
        });
      assert.is(pidOf(sandbox, 'two'), before['two']);
      await stopPlatform(sandbox.workspace);
      assert.equal(runningIn(sandbox), []);
    }),
  );

/** `deploy` needs specs that are what was compiled; the sandbox has none, so its part that starts is called. */
async function takeOver(sandbox: Sandbox, command: string): Promise<{ exit: number | null; printed: string }> {
  if (command === 'up') return mlops(sandbox, 'up');
  const { deploy } = await import('../../compiler/release/deploy.ts');
  await deploy(sandbox.workspace, sandbox.progress);
  return { exit: 0, printed: sandbox.printed() };
}

test(
  'what is ill, differs, is gone or is new is ended and started, and only that',
  withSandbox(plan(), async (sandbox) => {
    await start(sandbox);
    const before = pids(sandbox);
    killSupervisor(sandbox);
    await fetch('http://127.0.0.1:15342/hush');
    process.kill(before['plain'] ?? 0, 'SIGKILL');
    const next = plan({ GREETING: 'other' });
    writePlan(sandbox.workspace.root, {
      ...next,
      processes: [...next.processes, { name: 'new', command: server(15343), port: 15343 }],
    });
    assert.match(await start(sandbox), '5 healthy, 1 of which ran already');
    const after = pids(sandbox);
    assert.is(after['one'], before['one']);
    for (const name of ['two', 'plain', 'answers']) assert.is.not(after[name], before[name]);
    assert.is(runningIn(sandbox).length, 6, 'five processes and the supervisor: no twin is left');
    assert.match(await start(sandbox), '5 healthy, 5 of which ran already');
    assert.equal(pids(sandbox), after);
  }),
);

test(
  'a process number that another process has by now is nobody of ours',
  withSandbox(plan(), async (sandbox) => {
    await start(sandbox);
    killSupervisor(sandbox);
    const { path } = supervisorRecord(sandbox.workspace);
    const record = JSON.parse(readFileSync(path, 'utf8'));
    for (const each of record.units) if (each.name === 'one') each.process = { pid: process.pid, started: '1' };
    writeFileSync(path, JSON.stringify(record));
    assert.match(await start(sandbox), '4 healthy, 3 of which ran already');
    assert.is(runningIn(sandbox).length, 5);
  }),
);

test(
  'Ctrl-C while what is new starts leaves running what ran before',
  withSandbox(plan(), async (sandbox) => {
    await mlops(sandbox, 'up');
    const before = pids(sandbox);
    killSupervisor(sandbox);
    const next = plan();
    writePlan(sandbox.workspace.root, {
      ...next,
      processes: [...next.processes, { name: 'slow', command: node('setInterval(() => {}, 1000)'), port: 15344 }],
    });
    const up = begin(sandbox, 'up');
    await eventually('it starts', () => runningIn(sandbox).some((each) => each.unit === 'slow'));
    up.child.kill('SIGINT');
    assert.is(await up.exit, 130, up.printed());
    assert.match(up.printed(), 'What ran before goes on, without a supervisor: one, two, plain, answers.');
    assert.equal(
      runningIn(sandbox)
        .map(({ unit }) => unit)
        .sort(),
      [...names].sort(),
    );
    assert.equal(pids(sandbox), before);
  }),
);

test.run();
