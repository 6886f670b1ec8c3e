/** Champions that need what their models no longer have: by the last deploy's record, and by the registry. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { command as validate } from '../commands/validate.ts';
import { analyse, emit } from '../compile.ts';
import type { Champion } from '../diff/champions.ts';
import { leftInRegistry, recordChampions, requireServable } from '../release/champions.ts';
import { readSources } from '../source/read.ts';
import type { Live } from '../tools/live.ts';
import { BASE } from './cases.ts';

const { ir } = analyse(readSources(BASE));
const model = ir?.models.find(({ name }) => name === 'churn');
const inputs = model?.inputs.map(({ name }) => name) ?? [];
const [first = ''] = inputs;
const environment = ir?.environments[0]?.name ?? '';

const situations: [title: string, champions: Record<string, Champion>, lacking: string | null][] = [
  ['a champion with the inputs of now', { churn: { version: '3', inputs } }, null],
  ['one that needs less', { churn: { version: '3', inputs: inputs.slice(1) } }, null],
  ['one of a model that is gone', { departed: { version: '3', inputs: ['clicks__gone'] } }, null],
  ['no champion', {}, null],
  ['a feature renamed', { churn: { version: '3', inputs: [`${first}_once`, ...inputs.slice(1)] } }, `${first}_once`],
  ['a feature removed', { churn: { version: '3', inputs: [...inputs, 'clicks__gone'] } }, 'clicks__gone'],
  ['a field of the request removed', { churn: { version: '3', inputs: [...inputs, 'plan', 'age'] } }, 'plan, age'],
];

async function validated(champions: Record<string, Champion> | null): Promise<{ exit: number; printed: string }> {
  const root = mkdtempSync(join(tmpdir(), 'mlops-champions-'));
  try {
    cpSync(BASE, root, { recursive: true });
    if (champions) recordChampions({ state: join(root, '.mlops', environment) }, champions);
    let printed = '';
    const say = (text: string) => {
      printed += text;
    };
    const context = { root, color: false, isTerminal: false, out: say, err: say };
    const exit = await validate.run({ positionals: [], options: { format: 'text' } }, context);
    return { exit, printed };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test('validate holds the specs against the record of the last deploy, and says nothing without one', async () => {
  const none = await validated(null);
  assert.is(none.exit, 0, none.printed);
  for (const [title, champions, lacking] of situations) {
    const { exit, printed } = await validated(champions);
    assert.is(exit, lacking === null ? 0 : 1, `${title}\n${printed}`);
    if (lacking !== null) {
      const sentence = `Version 3 of churn, the champion of ${environment}, needs ${lacking}, which the model`;
      assert.match(printed, `error FEA013: ${sentence}`);
      assert.match(printed, /--> models\/churn\/model\.yaml:4:1/);
    } else assert.is(printed, none.printed, title);
  }
});

test('deploy holds what is compiled against the registry, before anything is changed', () => {
  assert.ok(ir);
  const files = new Map(emit(ir).map(({ path, content }) => [path, String(content)]));
  const live = {
    environment,
    list: (folder: string) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)),
    read: (path: string) => files.get(path) ?? null,
  } as unknown as Live;
  for (const [title, champions, lacking] of situations) {
    const deploy = () => requireServable(live, champions, new Set());
    if (lacking === null) assert.not.throws(deploy, title);
    else
      assert.throws(deploy, ({ message }: Error) =>
        message.includes(`needs ${lacking}, which the model no longer has.\n  Nothing was deployed`),
      );
    const staying = requireServable(live, champions, new Set(['churn']));
    assert.is(staying.length, lacking === null ? 0 : 1, `${title}: its API may stay`);
  }
  console.log(`figure: ${situations.length} champions beside a model's inputs, by validate and by deploy`);
});

test('a deploy says what of a model that no spec has any more stays in the registry, and by nothing else', () => {
  const live = { list: () => ['common/mlflow/churn.json'] } as unknown as Live;
  const champion = { version: '3', inputs };
  assert.equal(leftInRegistry(live, { churn: champion }), []);
  assert.match(
    leftInRegistry(live, { churn: champion, departed: champion }).join(),
    /^departed is no longer.*version 3/,
  );
});

test.run();
