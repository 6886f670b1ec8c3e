import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompletionItem, Hover, Location, WorkspaceEdit } from 'vscode-languageserver/node';
import { analyse } from '../compile.ts';
import { Editor, within } from './editor-client.ts';
import { readRepository } from './faults/repository.ts';
import { asSources } from './sources.ts';

const base = readRepository(join(import.meta.dirname, 'base'));
const VIEW = 'features/clicks.yaml';
const MODEL = 'models/churn/model.yaml';
const PIPELINE = 'pipelines/clicks/pipeline.yaml';

const labels = (items: CompletionItem[]): string[] => items.map(({ label }) => label);

test('findings come and go as one types, also in another file', () =>
  within(base, [VIEW, MODEL], async (editor) => {
    const wrong = editor.told(VIEW, (codes) => codes.includes('FEA001'));
    await editor.type(VIEW, 'entity: customer', 'entity: custmer');
    const [first] = (await wrong).filter(({ code }) => code === 'FEA001');
    assert.equal(first?.range, { start: { line: 1, character: 8 }, end: { line: 1, character: 15 } });
    assert.match(String(first?.message), "did you mean 'customer'?");
    const right = editor.told(VIEW, (codes) => codes.length === 0);
    await editor.type(VIEW, 'entity: custmer', 'entity: customer');
    await right;
    const elsewhere = editor.told(MODEL, (codes) => codes.includes('FEA001'));
    await editor.type(VIEW, 'mean_stay:', 'mean_time:');
    const [other] = await elsewhere;
    assert.match(String(other?.message), "no feature 'mean_stay'");
  }));

test('a file that another program changed is read again', () =>
  within(base, [VIEW], async (editor) => {
    const wrong = editor.told(MODEL, (codes) => codes.includes('SPC006'));
    editor.save(MODEL, (base.get(MODEL) ?? '').replace('classification', 'guess'));
    await editor.changed();
    await wrong;
  }));

test('names of other files are completed: views, features, entities, tables, connections, functions, owners', () =>
  within(base, [VIEW, MODEL, PIPELINE], async (editor) => {
    const at = async (path: string, from: string, to: string): Promise<string[]> => {
      await editor.type(path, from, to);
      const items = await editor.ask<CompletionItem[]>('completion', path, to, to.length);
      await editor.type(path, to, from);
      return labels(items);
    };
    assert.ok((await at(VIEW, 'entity: customer', 'entity: cu')).includes('customer'));
    assert.ok((await at(MODEL, '[clicks.clicks_24h, clicks.mean_stay]', '[cl')).includes('clicks'));
    assert.equal(await at(MODEL, 'clicks.mean_stay]', 'clicks.'), [
      'clicks.clicks_24h',
      'clicks.mean_stay',
      'clicks.*',
    ]);
    assert.ok((await at(MODEL, 'table: visits', 'table: v')).includes('visits'));
    assert.ok((await at(PIPELINE, '[lake]', '[')).includes('lake'));
    assert.ok((await at(PIPELINE, 'run: clicks.py:load', 'run: c')).includes('clicks.py:count'));
    assert.ok((await at(VIEW, 'ttl: 7d', 'owner: ')).includes('growth'));
    assert.ok((await at(MODEL, 'with: {depth: 3}', 'with: {d')).includes('depth'));
  }));

test('keys and words of the language are completed, with their description', () =>
  within(base, [MODEL], async (editor) => {
    await editor.type(MODEL, 'metric: roc_auc', 'metric: ');
    const words = await editor.ask<CompletionItem[]>('completion', MODEL, 'metric: ', 8);
    assert.ok(labels(words).includes('roc_auc'));
    await editor.type(MODEL, 'metric: ', 'metric: roc_auc\n  go');
    const keys = await editor.ask<CompletionItem[]>('completion', MODEL, '  go', 4);
    const goal = keys.find(({ label }) => label === 'goal');
    assert.match(JSON.stringify(goal?.documentation ?? ''), 'Which values of the metric are better');
    assert.not.ok(labels(keys).includes('metric'), 'a key that is there is not offered again');
  }));

test('hover tells type, owner and consumers of a feature, and what a key means', () =>
  within(base, [MODEL], async (editor) => {
    const feature = JSON.stringify(await editor.ask<Hover>('hover', MODEL, 'clicks.mean_stay', 9));
    for (const part of [
      'feature clicks.mean_stay',
      'float64',
      'in s',
      'owner: growth',
      'TTL 7d',
      'written by step clicks.count',
      'model churn',
    ])
      assert.match(feature, part);
    const key = JSON.stringify(await editor.ask<Hover>('hover', MODEL, 'holdout'));
    assert.match(key, 'never trained on');
  }));

test('hover tells the default of a field, and what it follows from', () => {
  const text = (base.get('platform.yaml') ?? '').replace(
    'stores: embedded}',
    'stores: embedded, metrics_retention: 5d}',
  );
  return within(new Map([...base, ['platform.yaml', text]]), ['platform.yaml'], async (editor) => {
    const zone = JSON.stringify(await editor.ask<Hover>('hover', 'platform.yaml', 'timezone'));
    assert.match(zone, 'Default: `UTC`');
    const kept = JSON.stringify(await editor.ask<Hover>('hover', 'platform.yaml', 'metrics_retention'));
    assert.match(kept, 'Default with `runtime: compose`: `30d`');
  });
});

test('definitions are found in specs and in Python', () =>
  within(base, [MODEL, PIPELINE, 'models/churn/train.py'], async (editor) => {
    const where = async (path: string, word: string, shift?: number): Promise<string[]> =>
      (await editor.ask<Location[]>('definition', path, word, shift)).map(
        ({ uri, range }) => `${editor.pathOf(uri)}:${range.start.line + 1}`,
      );
    assert.equal(await where(MODEL, 'clicks.mean_stay', 9), ['features/clicks.yaml:8']);
    assert.equal(await where(MODEL, 'clicks.mean_stay', 1), ['features/clicks.yaml:1']);
    assert.equal(await where(MODEL, 'train.py:fit'), ['models/churn/train.py:1']);
    assert.equal(await where(MODEL, 'visits', 2), ['pipelines/clicks/pipeline.yaml:8']);
    assert.equal(await where(PIPELINE, 'lake'), ['platform.yaml:8']);
  }));

test('references are found in specs and in Python', () =>
  within(base, [VIEW], async (editor) => {
    const found = await editor.ask<Location[]>('references', VIEW, 'clicks_24h', 2, {
      context: { includeDeclaration: true },
    });
    assert.equal(
      found.map(({ uri, range }) => `${editor.pathOf(uri)}:${range.start.line + 1}:${range.start.character + 1}`),
      [
        'features/clicks.yaml:7:3',
        'models/churn/model.yaml:4:19',
        'pipelines/clicks/clicks.py:7:16',
        'pipelines/clicks/clicks.py:8:26',
      ],
    );
  }));

test('a feature is renamed through specs and Python, and what results has no findings', async () => {
  const files = new Map(base).set(
    'models/churn/train.py',
    `${base.get('models/churn/train.py')}    # clicks__clicks_24h stays in a comment\n    return ` +
      'X["clicks__clicks_24h"]\n',
  );
  await within(files, [MODEL], async (editor) => {
    const edit = await editor.ask<WorkspaceEdit>('rename', MODEL, 'clicks_24h', 2, { newName: 'clicks_of_day' });
    const after = editor.after(edit, files);
    assert.equal(analyse(asSources(after)).findings, []);
    assert.match(after.get(VIEW) ?? '', '  clicks_of_day: {type: int64, window: 24h, min: 0}');
    assert.match(after.get(MODEL) ?? '', '[clicks.clicks_of_day, clicks.mean_stay]');
    assert.match(after.get('pipelines/clicks/clicks.py') ?? '', 'clicks_of_day=0');
    assert.match(
      after.get('models/churn/train.py') ?? '',
      '# clicks__clicks_24h stays in a comment\n    return X["clicks__clicks_of_day"]',
    );
    const { range } = await editor
      .ask<{ range?: unknown }>('prepareRename', MODEL, 'clicks_24h', 2)
      .then((range) => ({ range }));
    assert.ok(range);
  });
});

/** What an editor shows of a rename that is not done. */
async function refusal(editor: Editor, path: string, word: string, newName: string, shift = 2): Promise<string> {
  try {
    await editor.ask('rename', path, word, shift, { newName });
  } catch (problem) {
    return (problem as Error).message;
  }
  return 'it was done';
}

test('a rename that one can see to be wrong is refused in a sentence', () =>
  within(base, [MODEL, VIEW, PIPELINE, 'platform.yaml'], async (editor) => {
    const told = (path: string, word: string, newName: string) => refusal(editor, path, word, newName);
    assert.is(await told(VIEW, 'clicks_24h', 'mean_stay'), "There is a feature 'mean_stay' already.");
    assert.match(await told(VIEW, 'clicks_24h', 'Mean Stay'), 'is not a name of lower-case letters');
    assert.match(await told(PIPELINE, 'lake', 'the-lake'), 'digits and underscores that starts with a letter');
    assert.match(await told(MODEL, 'visits', 'calls'), 'A table cannot be renamed by itself');
    assert.match(await told(VIEW, 'customer', 'client'), 'An entity cannot be renamed by itself');
    assert.match(
      await told(MODEL, 'visits_before', 'visits'),
      'A request field cannot be renamed by itself: its name is also that of what callers send.',
    );
  }));

test('a rename after which the compiler would find something new is refused with that finding', () =>
  within(base, [VIEW, PIPELINE, 'platform.yaml'], async (editor) => {
    const told = (path: string, word: string, newName: string, shift?: number) =>
      refusal(editor, path, word, newName, shift);
    const reserved = (name: string, what: string, at: string): string =>
      `With the name '${name}' there would be a new finding, SPC013 at ${at}: ` +
      `'${name}' cannot be the name of a ${what}`;
    assert.match(await told(VIEW, 'clicks_24h', 'class'), reserved('class', 'feature', 'features/clicks.yaml:7'));
    assert.match(
      await told(VIEW, 'clicks_24h', 'clicked_at'),
      "SPC013 at features/clicks.yaml:7: 'clicked_at' cannot be a feature: it is the view's timestamp column",
    );
    assert.match(
      await told(VIEW, 'clicks_24h', 'customer'),
      "SPC013 at features/clicks.yaml:7: 'customer' cannot be a feature: it is the view's join key column",
    );
    assert.match(await told(VIEW, 'clicks_24h', 'null'), 'SPC010 at features/clicks.yaml:7');
    assert.match(
      await told(PIPELINE, 'count:', 'import'),
      reserved('import', 'step', 'pipelines/clicks/pipeline.yaml:9'),
    );
    assert.match(await told('platform.yaml', 'local', 'common'), 'SPC013 at platform.yaml:10');
    assert.match(await told('platform.yaml', 'growth:', 'null'), 'SPC010 at platform.yaml:4: empty is not a name');
  }));

test('what the compiler finds already stands in the way of no rename', async () => {
  const files = new Map(base).set(VIEW, `${base.get(VIEW)}  idle: {type: float64}\n`);
  await within(files, [VIEW], async (editor) => {
    const edit = await editor.ask<WorkspaceEdit>('rename', VIEW, 'idle', 2, { newName: 'idle_time' });
    assert.match(editor.after(edit, files).get(VIEW) ?? '', '  idle_time: {type: float64}');
  });
});

test('owners and environments take every name that their own declarations take', () =>
  within(base, ['platform.yaml'], async (editor) => {
    for (const [word, newName] of [
      ['growth:', 'ops-team'],
      ['local', 'on-site'],
    ] as const) {
      const edit = await editor.ask<WorkspaceEdit>('rename', 'platform.yaml', word, 2, { newName });
      const after = editor.after(edit, base);
      assert.match(after.get('platform.yaml') ?? '', `  ${newName}: {`);
      assert.equal(analyse(asSources(after)).findings, []);
    }
  }));

test('quick fixes mend a finding, all safe ones at once, or suppress it with a reason to be given', () =>
  within(base, [VIEW], async (editor) => {
    const told = editor.told(VIEW, (codes) => codes.includes('PLT011') && codes.includes('FEA001'));
    await editor.type(VIEW, 'entity: customer\nttl: 7d', 'entity: custmer\nowner: growht\nttl: 7d');
    await told;
    const wrong = new Map(base).set(
      VIEW,
      (base.get(VIEW) ?? '').replace('customer\nttl: 7d', 'custmer\nowner: growht\nttl: 7d'),
    );
    const actions = await editor.actions(VIEW, 1);
    const all = actions.find(({ kind }) => kind === 'source.fixAll');
    const one = actions.find(({ title }) => title === "Write 'customer' (FEA001)");
    assert.ok(one?.isPreferred);
    assert.is(
      editor.after(all?.edit ?? {}, wrong).get(VIEW),
      base.get(VIEW)?.replace('customer\nttl', 'customer\nowner: growth\nttl'),
    );
    const idle = editor.told(VIEW, (codes) => codes.join() === 'FEA015');
    await editor.type(VIEW, 'custmer\nowner: growht\nttl: 7d', 'customer\nttl: 7d');
    await editor.type(VIEW, 'features:\n', 'features:\n  idle: {type: float64}\n');
    await idle;
    const withIdle = new Map(base).set(
      VIEW,
      (base.get(VIEW) ?? '').replace('features:\n', 'features:\n  idle: {type: float64}\n'),
    );
    const ignore = (await editor.actions(VIEW, 6)).find(({ title }) => title.startsWith('Ignore FEA015'));
    assert.match(
      editor.after(ignore?.edit ?? {}, withIdle).get(VIEW) ?? '',
      '  idle: {type: float64} # mlops: ignore FEA015 until 2027-02-23 because \n',
    );
  }));

test('a text that is not YAML at all, and a hostile one, are answered', () =>
  within(base, [VIEW], async (editor) => {
    const told = editor.told(VIEW, (codes) => codes.includes('YML001'));
    await editor.type(VIEW, 'features:', 'features: [{');
    await told;
    assert.type(await editor.ask('completion', VIEW, 'features: [{', 12), 'object');
    const deep = editor.told(VIEW, (codes) => codes.includes('YML004'));
    await editor.type(VIEW, 'features: [{', `features: ${'['.repeat(5000)}`);
    await deep;
    assert.is(await editor.ask('hover', VIEW, 'entity'), null);
  }));

test('the server ends with its standard input, whatever process it was told to watch', async () => {
  const editor = new Editor(base);
  await editor.start();
  editor.closeInput();
  // Nobody said `shutdown` before, for which the protocol has this code.
  assert.is(await editor.ended(), 1);
});

test('the server ends with the process of its client, also where its standard input stays open', async () => {
  const client = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  const editor = new Editor(base);
  await editor.start(client.pid);
  client.kill('SIGKILL');
  assert.is(await editor.ended(), 1);
});

test.run();
