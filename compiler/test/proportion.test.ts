/** The work of each check grows with the specs, not with their square: twice the specs, twice the looks at them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checks } from '../checks/registry.ts';
import { analyse } from '../compile.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import { largeRepository } from './large.ts';
import { asSources } from './sources.ts';

interface Counter {
  looks: number;
}

/** Counts what is taken out of a map, and what is read of its values. */
class Counted<V> extends Map<string, V> {
  readonly #counter: Counter;

  constructor(entries: Iterable<readonly [string, V]>, counter: Counter) {
    super();
    this.#counter = counter;
    for (const [name, value] of entries) super.set(name, typeof value === 'object' ? watched(value, counter) : value);
  }

  override get(name: string): V | undefined {
    this.#counter.looks += 1;
    return super.get(name);
  }

  override keys() {
    this.#counter.looks += this.size;
    return super.keys();
  }
}

const watched = <V>(value: V, counter: Counter): V =>
  new Proxy(value as object, {
    get(target, key) {
      counter.looks += 1;
      return Reflect.get(target, key);
    },
  }) as V;

function counted(graph: ResolvedGraph, counter: Counter): ResolvedGraph {
  return {
    ...graph,
    entities: new Counted(graph.entities, counter),
    views: new Counted(graph.views, counter),
    pipelines: new Counted(graph.pipelines, counter),
    models: new Counted(graph.models, counter),
    tables: new Counted(graph.tables, counter),
    code: new Counted(graph.code, counter),
    resolved: new Counted(graph.resolved, counter),
  };
}

type Change = (path: string, text: string, group: number) => string;

const id = (group: number): string => `${group}`.padStart(4, '0');

const onlyIn =
  (file: string, change: (text: string, group: number) => string): Change =>
  (path, text, group) =>
    path.endsWith(file) ? change(text, group) : text;

/** Each pipeline follows the one before, so that all features are stale. */
const following =
  (schedule: (before: string) => string): Change =>
  (path, text, group) =>
    path.endsWith('pipeline.yaml') && group > 0
      ? text.replace(/schedule: .*/, `schedule: ${schedule(id(group - 1))}`)
      : text.replace('freshness: 1d', 'freshness: 1h');

/** Mistakes that a repository may be full of. */
const shapes: Record<string, Change> = {
  'nothing wrong': (_, text) => text,
  'misspelt views': onlyIn('model.yaml', (text) => text.replace('[clicks_', '[clikcs_')),
  'misspelt features': onlyIn('model.yaml', (text) => text.replace('.*]', '.mean_saty]')),
  'misspelt tables of labels': onlyIn('model.yaml', (text) => text.replace('table: visits_', 'table: vistis_')),
  'misspelt tables of steps': onlyIn('pipeline.yaml', (text) => text.replace('writes: [clicks_', 'writes: [clikcs_')),
  'misspelt files': onlyIn('model.yaml', (text) => text.replace('train.py', 'trian.py')),
  'labels without horizon': onlyIn('model.yaml', (text) => text.replace(', horizon: 1d', '')),
  'online by hand': onlyIn('pipeline.yaml', (text, group) =>
    text.replace(/schedule: .*\n/, '').concat(`  bring: {uses: materialize, views: [clicks_${id(group)}]}\n`),
  ),
  'one after another': following((before) => `{after: [visits_${before}]}`),
  'two after each': following((before) => `{after: [visits_${before}, clicks_${before}]}`),
};

/** Looks that each check takes at a repository of so many specs, by the codes that the check has. */
function looks(specs: number, change: Change): Map<string, number> {
  const files = new Map(
    [...largeRepository(specs)].map(([path, text]) => [path, change(path, text, Number(/\d{4}/.exec(path)?.[0] ?? 0))]),
  );
  const { graph } = analyse(asSources(files));
  assert.ok(graph);
  const counter = { looks: 0 };
  const resolved = counted(graph, counter);
  return new Map(
    checks.map((check, index) => {
      counter.looks = 0;
      check.run(resolved, '2026-11-25');
      return [`${index} ${Object.keys(check.codes).join(' ')}`, counter.looks];
    }),
  );
}

const FEW = 100;

for (const [name, change] of Object.entries(shapes))
  test(`${name}: each check looks twice as often at twice as many specs`, () => {
    const [few, many] = [looks(FEW, change), looks(2 * FEW, change)];
    assert.ok([...few.values()].some((count) => count > FEW));
    const more = [...many].filter(([check, count]) => count > 2.05 * (few.get(check) ?? 0) + 10);
    assert.equal(more, []);
  });

test.run();
