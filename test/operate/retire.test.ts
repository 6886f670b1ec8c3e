/** Old releases leave when nothing needs them. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { stateOf } from '../../compiler/diff/state.ts';
import { knownReleases, releasesOf } from '../../compiler/operate/releases.ts';
import { deploy, rollback } from '../../compiler/release/deploy.ts';
import { KEPT } from '../../compiler/release/retire.ts';
import type { LiveSide } from '../../compiler/tools/live.ts';
import { mlops } from './cli.ts';
import { node, withSandbox } from './sandbox.ts';

test(
  'the last five releases stay, and those that a process or an unfinished run is on; no word of runs keeps all',
  withSandbox({ processes: [{ name: 'idle', command: node('setInterval(() => {}, 1000)') }] }, async (sandbox) => {
    const { workspace, progress, printed } = sandbox;
    let runs: () => string[] = () => {
      throw new OperationError('Airflow does not answer');
    };
    const airflow: LiveSide = {
      name: 'airflow',
      after: [],
      patience: 0,
      isIn: () => true,
      desired: async () => stateOf({}),
      observe: async () => stateOf({}),
      apply: async () => ({ done: '' }),
      check: async () => '',
      releasesInUse: async () => runs(),
    };
    const deployed = async (text: string): Promise<string> => {
      mkdirSync(join(workspace.checkout, 'models/m'), { recursive: true });
      writeFileSync(join(workspace.checkout, 'models/m/data.txt'), text);
      return deploy(workspace, progress, { sides: [airflow] });
    };
    const ids: string[] = [];
    for (let number = 0; number < KEPT + 3; number += 1) ids.push(await deployed(String(number)));
    assert.is(knownReleases(workspace).length, ids.length);
    assert.match(printed(), 'Old releases stay, as it is not known which are needed: Airflow does not answer');
    mkdirSync(join(releasesOf(workspace), '.gone-0123456789ab')); // of one that was killed while it removed
    runs = () => [ids[1] ?? ''];
    ids.push(await deployed('last'));
    // The process runs on the first one: what it reads is the same in all.
    const stay = [ids[0], ids[1], ...ids.slice(-KEPT)];
    assert.equal(knownReleases(workspace), stay.sort());
    assert.match(printed(), new RegExp(`nothing needs have left: .*${ids[2]}`));
    assert.not.ok(existsSync(join(releasesOf(workspace), '.gone-0123456789ab')));
    assert.is(await rollback(workspace, progress, null, [airflow]), ids.at(-2));
    const { printed: listed } = await mlops(sandbox, 'releases');
    assert.match(listed, new RegExp(`^${ids[2]}  gone`, 'm'));
    assert.match(listed, 'The last 5 releases are kept, and those that something still runs on');
  }),
);

test.run();
