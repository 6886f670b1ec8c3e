/** Data is dropped by name alone, where nothing asks for it any more, and after everything else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { atRelease, currentRelease, knownReleases, releaseFolder } from '../../compiler/operate/releases.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { type Approved, approvedIn } from '../../compiler/release/approved.ts';
import { leftBeside } from '../../compiler/release/data.ts';
import { deploy, rollback } from '../../compiler/release/deploy.ts';
import { attempts, unfinished } from '../../compiler/release/ledger.ts';
import { wouldBecome } from '../../compiler/release/make.ts';
import { KEPT } from '../../compiler/release/retire.ts';
import { mlops } from './cli.ts';
import { refusal } from './refusal.ts';
import { node, type Sandbox, withSandbox } from './sandbox.ts';
import { put, shelfIn } from './shelf.ts';

const idle = { processes: [{ name: 'idle', command: node('setInterval(() => {}, 1000)') }] };

/** What the checkout asks for, which makes another release of it. */
function ask({ checkout }: Workspace, ...names: string[]): void {
  mkdirSync(join(checkout, 'models/m'), { recursive: true });
  writeFileSync(join(checkout, 'models/m/data.txt'), names.join(' '));
}

const shelf = ({ workspace }: Sandbox, name: string): string => join(workspace.state, `shelf-${name}`);

/** `old` was asked for once, holds three, and every release that asked for it has left. */
async function leaveOld(sandbox: Sandbox): Promise<void> {
  const { workspace, progress } = sandbox;
  ask(workspace, 'old', 'here');
  const data = shelfIn(workspace);
  const first = await deploy(workspace, progress, { data });
  put(workspace, 'old', 3);
  put(workspace, 'here', 5);
  put(workspace, 'theirs', 7);
  ask(workspace, 'here', 'second');
  await deploy(workspace, progress, { data });
  // As one leaves that is old enough.
  rmSync(releaseFolder(workspace, first), { recursive: true });
}

test(
  'data that no release asks for any more is named by each deploy, and dropped by its name alone',
  withSandbox(idle, async (sandbox) => {
    const { workspace, progress, printed } = sandbox;
    await leaveOld(sandbox);
    const data = shelfIn(workspace);
    const line = 'data: shelf:old (3 things) is not asked for any more; it would be dropped only with --drop-data';
    assert.match(printed().split('\n').at(-2) ?? '', line);
    const before = attempts(workspace).length;
    const refused = (...dropping: string[]) => refusal(deploy(workspace, progress, { data, dropping }));
    assert.match(await refused('shelf:here'), 'shelf:here is asked for by what is deployed: take it out of the specs');
    assert.match(await refused('shelf:theirs'), "shelf:theirs was asked for by no release, so it is somebody else's");
    assert.match(await refused('shelf:olt'), 'did you mean shelf:old?');
    assert.is(attempts(workspace).length, before, 'what is refused is no attempt');
    await deploy(workspace, progress, { data, dropping: ['shelf:old'] });
    assert.not.ok(existsSync(shelf(sandbox, 'old')));
    assert.ok(existsSync(shelf(sandbox, 'here')) && existsSync(shelf(sandbox, 'theirs')));
    const last = attempts(workspace).at(-1);
    assert.equal([last?.dropped, last?.ended?.outcome], [{ 'shelf:old': '3 things' }, 'done']);
    assert.match(last?.ended?.results['data'] ?? '', 'dropped shelf:old (3 things)');
    const { printed: shown } = await mlops(sandbox, 'releases', 'show', currentRelease(workspace) ?? '');
    assert.match(shown, /dropped {8}shelf:old: 3 things/);
    await deploy(workspace, progress, { data, dropping: ['shelf:old'] });
    assert.equal((await leftBeside(workspace, data)).found, [], 'dropped again, it is still gone');
  }),
);

test(
  'data may be dropped once the releases that ask for it have left',
  withSandbox(idle, async (sandbox) => {
    const { workspace, progress } = sandbox;
    const data = shelfIn(workspace);
    ask(workspace, 'old');
    await deploy(workspace, progress, { data });
    put(workspace, 'old', 3);
    await mlops(sandbox, 'down'); // the process is started again, so that nothing runs on the first one
    const dropped: boolean[] = [];
    for (let number = 0; number < KEPT; number += 1) {
      ask(workspace, `number${number}`);
      await deploy(workspace, progress, { data });
      dropped.push(
        (await leftBeside(atRelease(workspace, currentRelease(workspace) ?? ''), data)).found[0]?.keptBy[0] ===
          undefined,
      );
    }
    assert.equal(dropped, [...Array.from({ length: KEPT - 1 }, () => false), true]);
    await deploy(workspace, progress, { data, dropping: ['shelf:old'] });
    assert.not.ok(existsSync(shelf(sandbox, 'old')));
  }),
);

test(
  'what a release asks for that may run again, or what a champion needs, is not dropped',
  withSandbox(idle, async ({ workspace, progress, printed }) => {
    const data = shelfIn(workspace);
    ask(workspace, 'old', 'older');
    const first = await deploy(workspace, progress, { data });
    put(workspace, 'old', 3);
    put(workspace, 'older', 4);
    ask(workspace, 'new');
    const message = await refusal(deploy(workspace, progress, { data, dropping: ['shelf:old', 'shelf:older'] }));
    for (const name of ['old', 'older'])
      assert.match(message, `shelf:${name}: Release ${first} may run again, and asks for it.`);
    assert.is(currentRelease(workspace), first, 'nothing else was deployed either');
    await deploy(workspace, progress, { data });
    assert.match(printed(), `--drop-data shelf:old. Not yet: Release ${first} may run again, and asks for it.`);
    await rollback(workspace, progress, null);
    assert.ok(existsSync(join(workspace.state, 'shelf-old')), 'a rollback finds what it reads');
  }),
);

test(
  'a champion that needs it refuses the drop, unless what holds the champion is dropped, too',
  withSandbox(idle, async (sandbox) => {
    const { workspace, progress } = sandbox;
    await leaveOld(sandbox);
    const readers = [{ of: 'shelf:model', why: 'Version 3 of it, the champion, was trained on it.' }];
    const data = shelfIn(workspace, { old: readers });
    const message = await refusal(deploy(workspace, progress, { data, dropping: ['shelf:old'] }));
    assert.match(message, 'shelf:old: Version 3 of it, the champion, was trained on it.');
    assert.ok(existsSync(shelf(sandbox, 'old')));
  }),
);

test(
  'what is dropped is what the plan that was agreed to drops, and as much of it',
  withSandbox(idle, async (sandbox) => {
    const { workspace, progress } = sandbox;
    await leaveOld(sandbox);
    const data = shelfIn(workspace);
    const agreed = async (...drop: string[]): Promise<Approved> => {
      const { found } = await leftBeside(workspace, data, drop);
      const deployed = {
        environment: 'local',
        from: currentRelease(workspace),
        ...wouldBecome(workspace),
        data: found,
      };
      const bytes = Buffer.from(JSON.stringify({ format: 1, compared: { deployed }, plan: {}, files: [] }));
      return approvedIn(bytes, 'plan.json', 'local', null);
    };
    const [without, approved] = [await agreed(), await agreed('shelf:old')];
    const dropping = ['shelf:old'];
    assert.match(
      await refusal(deploy(workspace, progress, { data, approved: without, dropping, sides: [] })),
      'The plan drops no data, and --drop-data names shelf:old.',
    );
    assert.match(
      await refusal(deploy(workspace, progress, { data, approved, sides: [] })),
      'The plan drops shelf:old, and --drop-data names no data.',
    );
    put(workspace, 'old', 4);
    assert.match(
      await refusal(deploy(workspace, progress, { data, approved, dropping, sides: [] })),
      'shelf:old held 3 things when the plan was made, and holds 4 things.',
    );
    put(workspace, 'old', 3);
    await deploy(workspace, progress, { data, approved, dropping, sides: [] });
    assert.not.ok(existsSync(shelf(sandbox, 'old')));
    assert.is(attempts(workspace).at(-1)?.plan, approved.digest);
  }),
);

test(
  'a store that refuses the drop leaves the release deployed, and the same command drops the rest',
  withSandbox(idle, async (sandbox) => {
    const { workspace, progress } = sandbox;
    await leaveOld(sandbox);
    const data = shelfIn(workspace);
    writeFileSync(join(workspace.state, 'shelf-refuses'), '');
    ask(workspace, 'here', 'newer');
    const message = await refusal(deploy(workspace, progress, { data, dropping: ['shelf:old'] }));
    const now = currentRelease(workspace);
    assert.match(message, `Release ${now} is deployed, and not all data is dropped: the shelf is locked`);
    assert.match(message, 'deploy --env local --drop-data shelf:old` drops what is left of it');
    assert.is(unfinished(workspace), null);
    assert.ok(attempts(workspace).at(-1)?.ended?.problem);
    rmSync(join(workspace.state, 'shelf-refuses'));
    await deploy(workspace, progress, { data, dropping: ['shelf:old'] });
    assert.not.ok(existsSync(shelf(sandbox, 'old')));
  }),
);

test(
  'one that is killed in the middle of it is carried on to its end, and --abort drops no more',
  withSandbox(idle, async (sandbox) => {
    const { workspace, progress } = sandbox;
    await leaveOld(sandbox);
    const from = currentRelease(workspace) ?? '';
    ask(workspace, 'here', 'newer');
    await killedWhile(sandbox, 'dropping shelf:old');
    const to = unfinished(workspace)?.to;
    assert.equal(unfinished(workspace)?.drop, ['shelf:old']);
    await deploy(workspace, progress, { way: 'abort', data: shelfIn(workspace) });
    assert.is(currentRelease(workspace), from);
    assert.is(readFileSync(shelf(sandbox, 'old'), 'utf8'), '3');
    await killedWhile(sandbox, 'dropping shelf:old');
    await deploy(workspace, progress, { way: 'resume', data: shelfIn(workspace) });
    assert.not.ok(existsSync(shelf(sandbox, 'old')));
    assert.equal([currentRelease(workspace), unfinished(workspace)], [to, null]);
    assert.ok(knownReleases(workspace).includes(from));
  }),
);

test(
  'a release that asks again for what was dropped is told so, once',
  withSandbox(idle, async (sandbox) => {
    const { workspace, progress, printed } = sandbox;
    await leaveOld(sandbox);
    const data = shelfIn(workspace);
    await deploy(workspace, progress, { data, dropping: ['shelf:old'] });
    ask(workspace, 'old', 'here');
    const again = await deploy(workspace, progress, { data });
    const said = `release ${again} asks for it again: nothing but a backup brings it back.`;
    assert.match(printed(), new RegExp(`data: shelf:old \\(3 things\\) was dropped 2.* by .*, and ${said}`));
    const times = () => printed().split(said).length;
    const before = times();
    await deploy(workspace, progress, { data });
    assert.is(times(), before, 'once');
  }),
);

test(
  'where nothing runs no store can be asked, and nothing is dropped; a slip of the flag is wrong usage',
  withSandbox(idle, async (sandbox) => {
    const { workspace, progress } = sandbox;
    ask(workspace, 'here');
    const message = await refusal(deploy(workspace, progress, { data: shelfIn(workspace), dropping: ['shelf:old'] }));
    assert.match(message, "Nothing runs on 'local', so its stores cannot be asked what they hold");
    for (const wrong of ['table', 'table:*', 'tables:flights', 'table:../flights', 'table:a,*']) {
      const { exit, printed } = await mlops(sandbox, 'deploy', '--drop-data', 'table:fine', '--drop-data', wrong);
      assert.is(exit, 2, wrong);
      assert.match(printed, '--drop-data names one object that holds data, such as table:flights');
    }
    const { printed } = await mlops(sandbox, 'plan', '--drop-data', 'table:flights');
    assert.match(printed, '--drop-data goes with --deployed ENV');
  }),
);

async function killedWhile({ workspace }: Sandbox, boundary: string): Promise<void> {
  const program = fileURLToPath(new URL('./dropper.ts', import.meta.url));
  const words = ['--import', import.meta.resolve('tsx'), program, workspace.checkout, boundary];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [, signal] = await once(child, 'close');
  assert.is(signal, 'SIGKILL');
}

test.run();
