/** An API under constant load while its next process is a canary: no request is lost, each answer is of one release. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { deploy, rollback } from '../../compiler/release/deploy.ts';
import { unfinished } from '../../compiler/release/ledger.ts';
import type { Caller } from './callers.ts';
import {
  API,
  assertNoTwin,
  CALLERS,
  deployElsewhere,
  type Load,
  messageOf,
  pidOf,
  release,
  unit,
  wish,
  withApi,
} from './rolled.ts';
import { eventually, type Sandbox } from './sandbox.ts';

test(
  'a canary is given exactly its share, then takes over; a rollback takes over at once; no request is lost',
  withApi({ port: 15485, workers: 2, canary: { share: 0.25, seconds: 12 } }, async (sandbox, first, load) => {
    const { workspace, progress } = sandbox;
    release(sandbox, 'two');
    const deploying = deploy(workspace, progress, wish);
    await given(sandbox, first, load);
    const before = load.single();
    await load.more(200);
    assert.is(unit(sandbox)?.state, 'canary');
    assertShare(before, load.single(), first, 0.25);
    const second = await deploying;
    const said = new RegExp(
      `${API} was tried on 25% of the connections for 12 seconds: (\\d+) requests answered, 0 of which failed`,
    );
    assert.match(sandbox.printed(), said);
    await load.more(100);
    assert.is(await rollback(workspace, progress, null, []), first);
    assert.is(unit(sandbox)?.canary, undefined);
    await load.more(100);
    assertOneEach(await load.end(), [first, second, first], []);
    assertNoTwin(sandbox);
  }),
);

test(
  'a canary that exceeds its limits withdraws, and the deploy is taken back; nobody else notices',
  withApi({ port: 15486, workers: 1, canary: { share: 0.5, seconds: 600 } }, async (sandbox, first, load) => {
    const { workspace, progress } = sandbox;
    const before = pidOf(sandbox);
    release(sandbox, 'two');
    writeFileSync(join(workspace.checkout, 'models/m/fails.txt'), '');
    const message = await messageOf(deploy(workspace, progress, wish));
    const why = '100.0% of its responses failed, and at most 10.0% may; the process before it stays';
    assert.match(message, `${API} ended while it was a canary (${why}).`);
    assert.match(message, `'local' runs release ${first} again, as before.`);
    await load.more(100);
    assert.is(pidOf(sandbox), before);
    assertOneEach(await load.end(), [first], ['status 500']);
    assertNoTwin(sandbox);
  }),
);

test(
  'where supervisor and deploy are killed while there is a canary, --resume ends with it alone, and nothing is lost',
  withApi({ port: 15487, workers: 2, canary: { share: 0.25, seconds: 8 } }, async (sandbox, first, load) => {
    const { workspace, progress } = sandbox;
    const deployer = await midway(sandbox, first, load);
    process.kill(readRecord(workspace)?.supervisor.pid ?? 0, 'SIGKILL');
    deployer.kill('SIGKILL');
    const second = unfinished(workspace)?.to ?? '';
    await load.more(50);
    assert.is(await deploy(workspace, progress, { ...wish, way: 'resume' }), second);
    await load.more(100);
    assertOneEach(await load.end(), [first, second], []);
    assertNoTwin(sandbox);
  }),
);

test(
  'where a deploy is killed while there is a canary, --abort ends it, and nothing is lost',
  withApi({ port: 15488, workers: 2, canary: { share: 0.25, seconds: 600 } }, async (sandbox, first, load) => {
    const { workspace, progress } = sandbox;
    const before = pidOf(sandbox);
    const deployer = await midway(sandbox, first, load);
    deployer.kill('SIGKILL');
    await load.more(50);
    assert.is(await deploy(workspace, progress, { ...wish, way: 'abort' }), first);
    await load.more(100);
    assert.is(pidOf(sandbox), before);
    assertOneEach(await load.end(), [first], []);
    assertNoTwin(sandbox);
  }),
);

async function midway(sandbox: Sandbox, first: string, load: Load): Promise<ChildProcess> {
  release(sandbox, 'two');
  const deployer = deployElsewhere(sandbox);
  await given(sandbox, first, load);
  return deployer;
}

/** Some were answered by the canary. */
async function given(sandbox: Sandbox, first: string, load: Load): Promise<void> {
  await eventually('there is a canary', () => unit(sandbox)?.state === 'canary');
  await eventually('it answers', () => Object.keys(load.single()).some((each) => each !== first));
}

/** Of connections that were made meanwhile; some of them were not answered yet at either moment. */
function assertShare(before: Record<string, number>, after: Record<string, number>, first: string, share: number) {
  const made = (of: (release: string) => boolean) =>
    Object.keys(after).reduce((sum, each) => sum + (of(each) ? (after[each] ?? 0) - (before[each] ?? 0) : 0), 0);
  const [all, canarys] = [made(() => true), made((each) => each !== first)];
  assert.ok(Math.abs(canarys - share * all) <= CALLERS, `${canarys} of ${all}`);
  console.log(`figure: of ${all} connections the canary was given ${canarys}, where ${share * all} are its share`);
}

/** Whoever keeps a connection is answered by these, one after the other; nobody has lost anything but `lost`. */
function assertOneEach(callers: Caller[], releases: string[], lost: string[]): void {
  assert.is(callers.length, CALLERS);
  const keeping = callers.filter(({ keepsConnection }) => keepsConnection);
  assert.equal([...new Set(keeping.map((each) => each.releases.join(', ')))], [releases.join(', ')]);
  assert.equal(
    keeping.flatMap((each) => each.lost),
    [],
  );
  assert.equal([...new Set(callers.flatMap((each) => each.lost))], lost);
  for (const each of callers) assert.is(each.releases.at(-1), releases.at(-1));
  const count = callers.reduce((sum, { answered }) => sum + answered, 0);
  console.log(`figure: ${count} requests of ${CALLERS} callers, lost: ${lost.join() || 'none'}`);
}

test.run();
