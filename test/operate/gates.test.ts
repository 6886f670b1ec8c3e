/** What a deploy asks on its way: stage by stage, deletions last, and no new alert afterwards. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { type PlainObject, stateOf } from '../../compiler/diff/state.ts';
import { currentRelease } from '../../compiler/operate/releases.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { deploy } from '../../compiler/release/deploy.ts';
import { attempts } from '../../compiler/release/ledger.ts';
import type { LiveSide } from '../../compiler/tools/live.ts';
import { node, withSandbox } from './sandbox.ts';

const FILE = 'models/m/data.txt';
const idle = { processes: [{ name: 'idle', command: node('setInterval(() => {}, 1000)') }] };

function write({ checkout }: Workspace, text: string): void {
  mkdirSync(join(checkout, 'models/m'), { recursive: true });
  writeFileSync(join(checkout, FILE), text);
}

/** Wants the words of `models/m/data.txt`, which it prefixes with its own name. */
function tool(name: string, log: string[], more: Partial<LiveSide> = {}): { side: LiveSide; has: Set<string> } {
  const has = new Set<string>();
  const state = (names: Iterable<string>) =>
    stateOf(Object.fromEntries([...names].map((each): [string, PlainObject] => [each, {}])));
  const side: LiveSide = {
    name,
    after: [],
    patience: 0,
    isIn: () => true,
    desired: async ({ read }) => state((read(`../${FILE}`) ?? '').split(' ').map((word) => `${name}/${word}`)),
    observe: async () => state(has),
    apply: async (_live, changes) => {
      for (const { kind, address } of changes) {
        log.push(`${kind} ${address}`);
        if (kind === 'delete') has.delete(address);
        else has.add(address);
      }
      return { done: 'done' };
    },
    check: async () => '',
    ...more,
  };
  return { side, has };
}

test(
  'one-way things come first and deletions last, the other way round; what no release asked for is left alone',
  withSandbox(idle, async ({ workspace, progress, printed }) => {
    const log: string[] = [];
    const rules = tool('rules', log);
    const topics = tool('topics', log, { stage: 'one-way things' });
    const sides = [rules.side, topics.side];
    topics.has.add('topics/theirs');
    write(workspace, 'a b');
    await deploy(workspace, progress, { sides });
    write(workspace, 'b c');
    log.length = 0;
    await deploy(workspace, progress, { sides });
    assert.equal(log, ['create topics/c', 'create rules/c', 'delete rules/a', 'delete topics/a']);
    assert.equal([...topics.has].sort(), ['topics/b', 'topics/c', 'topics/theirs']);
    assert.match(printed(), /One-way things:\n.*Deploying to topics.*Rules and dashboards:\n.*Deploying to rules/s);
    assert.match(printed(), /Deletions:\n· Deleting in rules/);
    assert.match(printed(), "left topics/theirs: no release asked for it, so it is somebody else's");
  }),
);

test(
  'an alert that begins while a deploy is watched takes everything back; one that fired before does not',
  withSandbox(idle, async ({ workspace, progress }) => {
    const alerts = ['OldAlert{}'];
    const { side, has } = tool('rules', [], { alerts: async () => [...alerts] });
    const sides = [side];
    write(workspace, 'a');
    const first = await deploy(workspace, progress, { sides });
    write(workspace, 'b');
    const apply = side.apply;
    side.apply = async (live, changes) => {
      if (changes.some(({ address }) => address === 'rules/b')) alerts.push('ModelApiDown{model="m"}');
      return apply(live, changes);
    };
    try {
      await deploy(workspace, progress, { sides, watch: 1 });
      assert.unreachable();
    } catch (problem) {
      assert.instance(problem, OperationError);
      assert.match(
        (problem as Error).message,
        'After the deploy an alert began: ModelApiDown{model="m"}.\n  \'local\'',
      );
    }
    assert.equal([...has], ['rules/a']);
    assert.is(currentRelease(workspace), first);
    assert.is(attempts(workspace).at(-1)?.ended?.outcome, 'undone');
    write(workspace, 'c');
    await deploy(workspace, progress, { sides, watch: 1 });
    assert.is(attempts(workspace).at(-1)?.ended?.results['alerts'], 'none began in 1 s');
  }),
);

test.run();
