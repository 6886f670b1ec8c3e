/** What a deploy asks on its way: stage by stage, deletions last, and no new alert afterwards. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { type PlainObject, stateOf } from '../../compiler/diff/state.ts';
import { atCurrent, currentRelease } from '../../compiler/operate/releases.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { liveContext } from '../../compiler/release/context.ts';
import { deploy } from '../../compiler/release/deploy.ts';
import { askGolden } from '../../compiler/release/golden.ts';
import { attempts } from '../../compiler/release/ledger.ts';
import type { LiveSide } from '../../compiler/tools/live.ts';
import { refusal } from './refusal.ts';
import { node, type Sandbox, withSandbox, writePlan } from './sandbox.ts';

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

const API = 15478;
const ROOT = `\${root}`;

/** An API that is always ready, and answers a golden request as its release says. */
const api = (port: number): string[] => [
  process.execPath,
  '-e',
  `const [, root] = process.argv;
const { status, body, openapi } = JSON.parse(require('node:fs').readFileSync(root + '/${FILE}', 'utf8'));
require('node:http').createServer(({ url, method }, answer) => {
  const golden = url === '/v1/models/m:golden' && method === 'POST';
  if (golden) { answer.statusCode = status; return answer.end(JSON.stringify(body)); }
  if (url === '/openapi.json') return answer.end(JSON.stringify(openapi ?? {}));
  answer.end('ready');
}).listen(${port}, '127.0.0.1')`,
  ROOT,
];

interface Answering {
  status: number;
  body: unknown;
  openapi?: object;
}

const predicts = (version: string, predictions: unknown[] = [1.5]): Answering => ({
  status: 200,
  body: { model_version: version, predictions },
});

function serve({ workspace }: Sandbox, answering: Answering, alias = 'champion'): void {
  const reads = { health: `http://127.0.0.1:${API}/readyz`, reads: ['models/m'] };
  writePlan(workspace.checkout, { processes: [{ name: 'serving-m', command: api(API), port: API, ...reads }] });
  write(workspace, JSON.stringify(answering));
  const files = {
    'runtime/services.json': { apis: [{ model: 'm', alias, addresses: [`http://127.0.0.1:${API}`] }] },
    'runtime/environment.json': { aliases: { m: 'champion' }, connections: {} },
    'serving/m.json': { timeout_seconds: 1 },
  };
  for (const [path, content] of Object.entries(files)) {
    const file = join(workspace.checkout, 'generated/local', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, JSON.stringify(content));
  }
}

const champion = async () => ({ m: { version: '3', inputs: [] } });

test(
  'an API that is ready and fails at predictions takes everything back, before a tool is changed',
  withSandbox({}, async (sandbox) => {
    const { workspace, progress } = sandbox;
    const log: string[] = [];
    const wish = {
      sides: [tool('rules', log, { desired: async () => stateOf({ 'rules/r': {} }) }).side],
      registry: champion,
    };
    serve(sandbox, predicts('3'));
    const first = await deploy(workspace, progress, wish);
    assert.is(attempts(workspace).at(-1)?.ended?.results['golden requests'], '1 API answered as champion');
    log.length = 0;
    serve(sandbox, { status: 500, body: { error: { message: 'Version 3 failed (ValueError: new library).' } } });
    const message = await refusal(deploy(workspace, progress, wish));
    assert.match(message, 'The API of m does not answer a golden request: The API of m answered 500');
    assert.match(message, 'Version 3 failed (ValueError: new library).');
    assert.is(currentRelease(workspace), first);
    assert.is(attempts(workspace).at(-1)?.ended?.outcome, 'undone');
    assert.equal(log, []);
    assert.match(await (await fetch(`http://127.0.0.1:${API}/v1/models/m:golden`, { method: 'POST' })).text(), '1.5');
  }),
);

test(
  'the way back asks no golden request: what ran before runs again, also where that did not predict either',
  withSandbox({}, async (sandbox) => {
    const { workspace, progress } = sandbox;
    serve(sandbox, { status: 500, body: {} });
    const first = await deploy(workspace, progress, { sides: [], registry: async () => ({}) });
    serve(sandbox, { status: 500, body: { error: 'still' } });
    await refusal(deploy(workspace, progress, { sides: [], registry: champion }));
    assert.is(currentRelease(workspace), first);
    assert.is(attempts(workspace).at(-1)?.ended?.outcome, 'undone');
  }),
);

test(
  "another version than the registry's, no number, nothing at all and an unknown path fail; none of the rest does",
  withSandbox({}, async (sandbox) => {
    const { workspace, progress } = sandbox;
    const asking = async (answering: Answering, champions = champion(), alias?: string) => {
      serve(sandbox, answering, alias);
      await deploy(workspace, progress, { sides: [], registry: async () => ({}) });
      const live = liveContext(atCurrent(workspace), () => {});
      return askGolden(live, await champions, 0);
    };
    assert.match(await refusal(asking(predicts('2'))), "version 2 answered, and the registry's champion is version 3");
    assert.match(await refusal(asking(predicts('3', [1, null]))), 'it predicted null, which is no finite number');
    assert.match(await refusal(asking({ status: 200, body: {} })), 'it answered without predictions: {}');
    assert.match(await refusal(asking({ status: 504, body: {} })), 'answered 504');
    assert.match(await refusal(asking({ status: 404, body: {} })), 'answered 404');
    const older = { paths: { '/v1/models/m:predict': {} } };
    assert.match(await asking({ status: 404, body: {}, openapi: older }), 'of a release that knows no golden request');
    assert.match(await asking(predicts('3', [])), 'version 3 of m has no input example, so nothing was predicted');
    const none = 'm has no champion yet, so nothing was asked of its API';
    assert.is(await asking({ status: 503, body: {} }, Promise.resolve({}) as ReturnType<typeof champion>), none);
    assert.is(await asking({ status: 503, body: {} }, champion(), 'trial'), '', 'one on trial may have withdrawn');
  }),
);

test.run();
