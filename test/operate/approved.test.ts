/** `mlops deploy --plan`: what was agreed to is what is deployed, or nothing is. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { stateOf } from '../../compiler/diff/state.ts';
import { currentRelease } from '../../compiler/operate/releases.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { type Approved, approvedIn } from '../../compiler/release/approved.ts';
import { deploy, rollback } from '../../compiler/release/deploy.ts';
import { attempts } from '../../compiler/release/ledger.ts';
import { wouldBecome } from '../../compiler/release/make.ts';
import type { LiveSide } from '../../compiler/tools/live.ts';
import { node, withSandbox } from './sandbox.ts';

const idle = { processes: [{ name: 'idle', command: node('setInterval(() => {}, 1000)') }] };

function write({ checkout }: Workspace, text: string): void {
  mkdirSync(join(checkout, 'models/m'), { recursive: true });
  writeFileSync(join(checkout, 'models/m/data.txt'), text);
}

/** As `mlops plan --deployed local --format json` has it. */
const planOf = (workspace: Workspace): Buffer => {
  const deployed = { environment: 'local', from: currentRelease(workspace), ...wouldBecome(workspace) };
  return Buffer.from(JSON.stringify({ format: 1, compared: { deployed }, plan: {}, files: [] }));
};
const approvedNow = (workspace: Workspace): Approved => approvedIn(planOf(workspace), 'plan.json', 'local', null);

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof OperationError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

test(
  'a plan is deployed while nothing has moved, again too; other files or another release in between stop it',
  withSandbox(idle, async ({ workspace, progress }) => {
    write(workspace, 'one');
    const toOne = approvedNow(workspace);
    const one = await deploy(workspace, progress, { approved: toOne });
    assert.is(await deploy(workspace, progress, { approved: toOne }), one, 'what is done is done');
    assert.equal(
      attempts(workspace).map(({ plan }) => plan),
      [toOne.digest, toOne.digest],
    );
    write(workspace, 'two');
    const toTwo = approvedNow(workspace);
    write(workspace, 'three');
    const files = await refusal(() => deploy(workspace, progress, { approved: toTwo }));
    assert.match(
      files,
      /no longer what would be deployed to 'local':\n {2}The plan is of no commit, which makes release/,
    );
    assert.match(files, /Nothing was deployed\. Make the plan again/);
    const three = await deploy(workspace, progress);
    write(workspace, 'two');
    const release = await refusal(() => deploy(workspace, progress, { approved: toTwo }));
    assert.match(release, `The plan was made for release ${one}, and what runs now is release ${three}, deployed 2`);
    assert.is(currentRelease(workspace), three);
    await rollback(workspace, progress, one);
    assert.is(await deploy(workspace, progress, { approved: toTwo }), toTwo.to);
    assert.is(attempts(workspace).length, 5, 'what is stopped by its plan is no attempt');
  }),
);

test(
  'where somebody changed a tool since the last deploy a plan stops; what a deploy leaves to people is no change',
  withSandbox(idle, async ({ workspace, progress }) => {
    const has = { dag: { paused: false }, topic: { partitions: 3 } };
    const shelf: LiveSide = {
      name: 'shelf',
      after: [],
      patience: 0,
      isIn: () => true,
      desired: async () => stateOf({ dag: { paused: false }, topic: { partitions: 3 } }),
      observe: async () => stateOf(structuredClone(has)),
      apply: async (_live, changes) => {
        has.topic.partitions = 3;
        return { done: 'set', left: has.dag.paused ? { dag: `of ${changes.length}: paused by hand` } : {} };
      },
      leaves: ({ address }) => address === 'dag',
      check: async () => '',
    };
    const sides = [shelf];
    write(workspace, 'one');
    await deploy(workspace, progress, { sides });
    write(workspace, 'two');
    const approved = approvedNow(workspace);
    has.topic.partitions = 6;
    const message = await refusal(() => deploy(workspace, progress, { approved, sides }));
    assert.match(message, 'What runs is not what was deployed (`mlops drift --env local`): topic: partitions is 6');
    assert.match(message, '--with-drift deploys nevertheless');
    assert.is(has.topic.partitions, 6);
    has.topic.partitions = 3;
    has.dag.paused = true;
    await deploy(workspace, progress, { approved, sides });
    write(workspace, 'three');
    has.topic.partitions = 6;
    await deploy(workspace, progress, { approved: approvedNow(workspace), sides, withDrift: true });
    assert.is(has.topic.partitions, 3);
  }),
);

test(
  'what is no plan of this environment, or not the one that was agreed to, is refused with a sentence',
  withSandbox(idle, async ({ workspace }) => {
    const plan = planOf(workspace);
    const said = (bytes: Buffer | string, environment = 'local', agreed: string | null = null) =>
      refusal(() => approvedIn(Buffer.from(bytes), 'plan.json', environment, agreed));
    const digest = createHash('sha256').update(plan).digest('hex');
    assert.is(approvedIn(plan, 'plan.json', 'local', digest.toUpperCase()).digest, digest);
    assert.match(await said(plan, 'local', '0'.repeat(64)), `its SHA-256 is ${digest}, and 000`);
    assert.match(await said(plan, 'staging'), "is the plan of 'local', and not of 'staging'");
    const none =
      'plan.json is no plan of what runs in an environment: `mlops plan --deployed local --format json > plan';
    for (const bytes of ['', '{', '[]', 'null', '{"format": 1, "compared": {}, "plan": {}}', plan.subarray(0, -3)])
      assert.match(await said(bytes), none);
    const changed = (change: Record<string, unknown>) => {
      const value = JSON.parse(plan.toString());
      Object.assign(value.compared.deployed, change);
      return JSON.stringify(value);
    };
    for (const change of [{ from: '../x' }, { from: 1 }, { to: 'x' }, { commit: 'x' }, { environment: null }])
      assert.match(await said(changed(change)), none);
    assert.match(await said(changed({ to: null })), 'is the plan of a commit (--head)');
  }),
);

test.run();
