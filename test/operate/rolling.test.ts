/** An API under constant load while its process is replaced: no request is lost, however the roll-out ends. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { platformStatus } from '../../compiler/operate/supervisor/status.ts';
import { stopPlatform } from '../../compiler/operate/supervisor/stop.ts';
import { deploy, rollback } from '../../compiler/release/deploy.ts';
import { unfinished } from '../../compiler/release/ledger.ts';
import {
  API,
  assertNoTwin,
  assertWhole,
  deployElsewhere,
  gate,
  messageOf,
  pidOf,
  release,
  unit,
  wish,
  withApi,
} from './rolled.ts';
import { describeLeft, eventually, type Sandbox } from './sandbox.ts';

test(
  'a deploy and a rollback lose no request, and the answers of each caller change once each time',
  withApi({ port: 15460, workers: 2 }, async (sandbox, first, load) => {
    const { workspace, progress } = sandbox;
    const before = pidOf(sandbox);
    release(sandbox, 'two');
    const second = await deploy(workspace, progress, wish);
    assert.is.not(pidOf(sandbox), before);
    await load.more(100);
    assert.is(await rollback(workspace, progress, null, []), first);
    await load.more(100);
    assertWhole(await load.end(), [first, second, first]);
    assertNoTwin(sandbox);
  }),
);

test('where the next process never gets ready, the one before stays, and the deploy is taken back', async () => {
  process.env['MLOPS_ROLLING_MS'] = '2000';
  try {
    await withApi({ port: 15461, workers: 1 }, async (sandbox, first, load) => {
      const before = pidOf(sandbox);
      release(sandbox, 'two', gate(sandbox));
      const message = await messageOf(deploy(sandbox.workspace, sandbox.progress, wish));
      assert.match(message, `${API} ended while it was starting (it was not ready within 2 seconds: `);
      // On a busy machine it has not said yet what it waits for.
      assert.match(message, /: (it is starting|\S+\/gate is not there); the process before it stays\)/);
      assert.match(message, `'local' runs release ${first} again, as before.`);
      await load.more(100);
      assertWhole(await load.end(), [first]);
      assert.is(pidOf(sandbox), before);
      assertNoTwin(sandbox);
    })();
  } finally {
    delete process.env['MLOPS_ROLLING_MS'];
  }
});

const MOMENTS = { 'gets ready': midway, 'takes over': takingOver };

for (const [index, [moment, until]] of Object.entries(MOMENTS).entries())
  for (const way of ['abort', 'resume'] as const)
    test(
      `where supervisor and deploy are killed while the next process ${moment}, --${way} ends it, and nothing is lost`,
      withApi({ port: 15462 + 2 * index + (way === 'abort' ? 0 : 1), workers: 2 }, async (sandbox, first, load) => {
        const { workspace, progress } = sandbox;
        const deployer = await until(sandbox);
        process.kill(readRecord(workspace)?.supervisor.pid ?? 0, 'SIGKILL');
        deployer.kill('SIGKILL');
        const second = unfinished(workspace)?.to ?? '';
        await load.more(100);
        if (way === 'resume') writeFileSync(gate(sandbox), '');
        const now = await deploy(workspace, progress, { ...wish, way });
        assert.is(now, way === 'abort' ? first : second);
        await load.more(100);
        const on = until === midway ? [first] : [first, second];
        assertWhole(await load.end(), now === on.at(-1) ? on : [...on, now]);
        assertNoTwin(sandbox);
      }),
    );

test(
  'in the middle of a roll-out `status` shows both processes, and `down` ends both',
  withApi({ port: 15466, workers: 1 }, async (sandbox) => {
    const { workspace } = sandbox;
    const before = pidOf(sandbox);
    const deployer = await midway(sandbox);
    const { isUp, processes } = await platformStatus(workspace);
    assert.is(isUp, false);
    assert.equal(
      processes.map(({ name, state, pid }) => [name, state, pid]),
      [
        [API, 'healthy', before],
        [API, 'starting', pidOf(sandbox)],
      ],
    );
    deployer.kill('SIGKILL');
    await stopPlatform(workspace);
    assert.equal(describeLeft(sandbox), []);
  }),
);

test(
  'workers whose main process is killed leave the port to the one that is started again',
  withApi({ port: 15467, workers: 2 }, async (sandbox, _first, load) => {
    const before = pidOf(sandbox);
    process.kill(before, 'SIGKILL');
    await eventually('it is started again', () => unit(sandbox)?.state === 'healthy' && pidOf(sandbox) !== before);
    await load.more(100);
    assert.is(unit(sandbox)?.restarts, 1);
    assertNoTwin(sandbox);
  }),
);

test(
  'where the main process is killed while the next one gets ready, that one takes over',
  withApi({ port: 15468, workers: 2 }, async (sandbox, _first, load) => {
    const before = pidOf(sandbox);
    const deployer = await midway(sandbox);
    process.kill(unit(sandbox)?.before?.process?.pid ?? 0, 'SIGKILL');
    writeFileSync(gate(sandbox), '');
    const [status] = await once(deployer, 'close');
    assert.is(status, 0);
    assert.is.not(pidOf(sandbox), before);
    await load.more(100);
    assertNoTwin(sandbox);
  }),
);

/** Two processes of the API, of which the next one waits to get ready. */
async function midway(sandbox: Sandbox): Promise<ChildProcess> {
  release(sandbox, 'two', gate(sandbox));
  const deployer = deployElsewhere(sandbox);
  await eventually('the next process is there', () => {
    const record = unit(sandbox);
    return record?.state === 'starting' && record.before?.state === 'healthy';
  });
  return deployer;
}

/** The next one accepts, and the one before has not ended: somebody keeps a connection to it. */
async function takingOver(sandbox: Sandbox): Promise<ChildProcess> {
  const kept = connect(unit(sandbox)?.port ?? 0, '127.0.0.1');
  await once(kept, 'connect');
  release(sandbox, 'two');
  const deployer = deployElsewhere(sandbox);
  await eventually('the process before is leaving', () => unit(sandbox)?.before?.state === 'leaving');
  deployer.once('close', () => kept.destroy());
  return deployer;
}

test.run();
