/** What was changed by hand, written back: which spec says it, and what no spec can say. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { commitOnBranch, requireCleanTree } from '../commands/write-back.ts';
import { analyse, emit } from '../compile.ts';
import type { PlainObject, State } from '../diff/state.ts';
import { openWorkspace, type Workspace } from '../operate/workspace.ts';
import type { Artifact } from '../render/artifact.ts';
import { readSources } from '../source/read.ts';
import { readGenerated, writeGenerated } from '../write/folder.ts';
import { isCurrent, planWrite } from '../write/plan.ts';
import { type Drifted, writeBack } from '../write-back/propose.ts';
import { respellings } from '../write-back/spelling.ts';
import { type Edits, fixtureIr, fixtureSources, PLATFORMS } from './fixture.ts';

interface Topic {
  name: string;
  partitions: number;
  config: Record<string, string>;
}

/** As the tools' own sides spell them: topics, rules, registered models. */
async function desiredOf(tool: string, files: readonly Artifact[]): Promise<State> {
  const text = (path: string): string => files.find((each) => each.path === path)?.content ?? '{}';
  if (tool === 'kafka') {
    const { topics } = JSON.parse(text('common/kafka/topics.json')) as { topics: Topic[] };
    return new Map(topics.map(({ name, partitions, config }) => [`kafka/topic/${name}`, { partitions, config }]));
  }
  if (tool === 'mlflow') {
    const models = files.filter(({ path }) => path.startsWith('common/mlflow/'));
    return new Map(
      models.map(({ content }) => {
        const { registered_model: model } = JSON.parse(content) as { registered_model: PlainObject & { name: string } };
        return [`mlflow/registered_model/${model.name}`, { description: model['description'] ?? null }];
      }),
    );
  }
  const rules = files.filter(({ path }) => path.startsWith('common/prometheus/rules/'));
  return new Map(
    rules.flatMap(({ content }) => {
      const { groups } = parse(content) as { groups: { name: string; rules: Record<string, string>[] }[] };
      return groups.flatMap(({ name, rules: all }) =>
        all.map(({ alert, record, expr = '', for: held = '0s', labels }, at): [string, PlainObject] => [
          `prometheus/rule/${name}/${alert ?? record}/${at}`,
          { expression: expr.trim(), for: held, labels: (labels ?? {}) as unknown as PlainObject },
        ]),
      );
    }),
  );
}

const files = emit(fixtureIr());

async function tampered(tool: string, change: (state: Map<string, PlainObject>) => void): Promise<Drifted> {
  const desired = await desiredOf(tool, files);
  const observed = new Map([...desired].map(([address, each]) => [address, structuredClone(each) as PlainObject]));
  change(observed);
  return { tool, desired, observed };
}

const put = (state: Map<string, PlainObject>, address: string, fields: PlainObject): void => {
  const before = state.get(address);
  assert.ok(before, address);
  state.set(address, { ...before, ...fields });
};

const original = (path: string): string => readFileSync(join(PLATFORMS, 'flights', path), 'utf8');

/** Lines that differ, of each file that does. */
const changes = (texts: ReadonlyMap<string, string>): string[] =>
  [...texts].flatMap(([path, text]) => {
    const before = original(path).split('\n');
    return text.split('\n').flatMap((line, at) => (line === before[at] ? [] : [`${path}: ${line.trim()}`]));
  });

const STATED: Edits = {
  'features/carrier_delays.yaml': [
    ['stream: {outage: 1d,', 'stream: {outage: 1d, partitions: 3, retention: 7d,'],
    ['quality: {', '# as agreed with the carriers\nquality: {'],
  ],
};

test("a topic's retention and partitions become a view's, in its own units, with its comments", async () => {
  const stated = fixtureSources(STATED);
  const drifted = await tampered('kafka', (state) => {
    const topic = state.get('kafka/topic/carrier_delays') as unknown as Topic;
    put(state, 'kafka/topic/carrier_delays', {
      partitions: topic.partitions + 3,
      config: { ...topic.config, 'retention.ms': String(Number(topic.config['retention.ms']) * 2) },
    });
  });
  const { texts, said, left, sources } = await writeBack(stated, [drifted], desiredOf);
  assert.equal(left, []);
  assert.equal(
    said.map(({ path }) => path),
    ['config/retention.ms', 'partitions'],
  );
  assert.equal([...texts.keys()], ['features/carrier_delays.yaml']);
  assert.ok(analyse(sources).ir);
  const [text = ''] = texts.values();
  assert.match(text, 'partitions: 6, retention: 14d,');
  assert.match(text, '# as agreed with the carriers\n');
  assert.ok(said.some(({ also }) => also.includes('kafka/topic/carrier_delays.dead_letter')));
});

test("an alert's threshold and how long it must hold are written where the team stated them", async () => {
  const drifted = await tampered('prometheus', (state) => {
    const [address = '', rule] = [...state].find(([each]) => each.includes('/checkout_slow/')) ?? [];
    put(state, address, { expression: String(rule?.['expression']).replace('> 0.2', '> 0.35'), for: '600s' });
  });
  const { texts, said, left } = await writeBack(fixtureSources(), [drifted], desiredOf);
  assert.equal([...said.map(({ path }) => path), ...left.map(({ path }) => path)].sort(), ['expression', 'for']);
  assert.equal(changes(texts), ['monitoring/checkout.yaml: for: 10m']);
});

test('what no spec asks for, what is missing and what no spec says is left, with the reason', async () => {
  const drifted = await tampered('kafka', (state) => {
    put(state, 'kafka/topic/carrier_delays', { config: { 'max.message.bytes': '7' } });
    state.set('kafka/topic/foreign', { partitions: 1, config: {} });
    state.delete('kafka/topic/carrier_delays.dead_letter');
  });
  const { said, left } = await writeBack(fixtureSources(), [drifted], desiredOf);
  assert.equal(said, []);
  const reasons = new Map(left.map(({ address, path, why }) => [`${address} ${path}`.trim(), why]));
  assert.match(reasons.get('kafka/topic/foreign') ?? '', 'no spec asks for it');
  assert.match(reasons.get('kafka/topic/carrier_delays.dead_letter') ?? '', 'it is missing');
  assert.is(reasons.get('kafka/topic/carrier_delays config/max.message.bytes'), 'no spec states it');
});

/** The fixture as a repository of its own, with what it compiles to. */
function repository(): Workspace {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-write-back-test-'));
  cpSync(join(PLATFORMS, 'flights'), root, { recursive: true, filter: (path) => !path.endsWith('/golden') });
  const wanted = emit(analyse(readSources(root)).ir ?? fixtureIr());
  writeGenerated(root, planWrite(wanted, readGenerated(root, wanted)));
  for (const words of [
    'init -q -b main',
    'config user.name t',
    'config user.email t@t',
    'add -A',
    'commit -q -m first',
  ])
    git(root, ...words.split(' '));
  return openWorkspace(root, 'local');
}

const git = (root: string, ...words: string[]): string =>
  execFileSync('git', ['-C', root, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

test('it is a commit on a branch, compiled; a changed tree is refused, a failing hook leaves it as it is', async () => {
  const workspace = repository();
  const { root } = workspace;
  try {
    const drifted = await tampered('prometheus', (state) => {
      const [address = ''] = [...state].find(([each]) => each.includes('/checkout_slow/')) ?? [];
      put(state, address, { for: '600s' });
    });
    const written = await writeBack(readSources(root), [drifted], desiredOf);
    requireCleanTree(workspace);
    const hook = join(root, '.git/hooks/pre-commit');
    mkdirSync(dirname(hook), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\necho not on a Friday >&2\nexit 1\n', { mode: 0o755 });
    assert.throws(
      () => commitOnBranch(workspace, written),
      /git commit failed: not on a Friday. The specs are as they/,
    );
    assert.equal([git(root, 'status', '--porcelain'), git(root, 'branch')], ['', '* main']);
    rmSync(hook);
    const branch = commitOnBranch(workspace, written);
    assert.match(branch, /^drift\/local-\d{8}-\d{6}$/);
    assert.equal([git(root, 'status', '--porcelain'), git(root, 'rev-parse', '--abbrev-ref', 'HEAD')], ['', branch]);
    assert.match(git(root, 'show', 'HEAD'), /\n\+ {4}for: 10m\n/);
    assert.match(git(root, 'show', '--stat', 'HEAD'), 'generated/common/prometheus/rules/team.yml');
    const wanted = emit(analyse(readSources(root)).ir ?? fixtureIr());
    assert.ok(isCurrent(planWrite(wanted, readGenerated(root, wanted))));
    writeFileSync(join(root, 'mine.txt'), '');
    assert.throws(
      () => requireCleanTree(workspace),
      /changes that are not committed \(mine\.txt\)\. Commit or stash them/,
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('a value is spelt as it was written: durations in the largest unit, shares, numbers within a text', () => {
  assert.equal(respellings('7d', '604800000', '86400000'), ['1d']);
  assert.equal(respellings('5m', '5m', '90s'), ['90s']);
  assert.equal(respellings('30d', '2592000s', '5400s'), ['90m']);
  assert.equal(respellings('99.9%', 0.999, 0.99), ['99%']);
  assert.equal(respellings(3, 3, 6), [6]);
  assert.equal(respellings(12, 'a > 12', 'a > 15.5'), [15.5]);
  assert.equal(respellings('old words', 'old words', 'new words'), ['new words']);
  assert.equal(respellings('7d', '604800000', '1'), []);
  assert.equal(respellings(1, 'a > 12', 'b > 15'), []);
  assert.equal(respellings('x', ['x'], ['y']), []);
});

test.run();
