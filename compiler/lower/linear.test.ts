/** Twice as much in the specs is twice as much work to resolve and to lower: counted in what is read of them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import type { Declared } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { resolve } from '../resolve/resolve.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { counted } from '../test/counting.ts';
import { largeRepository } from '../test/large.ts';
import { asSources } from '../test/sources.ts';
import { lower } from './lower.ts';

function readsOf(files: ReadonlyMap<string, string>): number {
  const { graph, findings } = analyse(asSources(files));
  assert.equal(
    findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
    [],
  );
  const counters: (() => number)[] = [];
  const counting = <T extends object>(object: T): T => {
    const { value, reads } = counted(object);
    counters.push(reads);
    return value;
  };
  const watched = <K extends Kind>(all: ReadonlyMap<string, Declared<K>>) =>
    new Map([...all].map(([name, each]) => [name, { ...each, value: counting(each.value) }]));
  const { entities, views, pipelines, models, monitorings, tables, ...rest } = graph as Graph;
  const ir = lower(
    resolve({
      ...rest,
      entities: watched(entities),
      views: watched(views),
      pipelines: watched(pipelines),
      models: watched(models),
      monitorings: watched(monitorings),
      tables: new Map([...tables].map(([name, each]) => [name, counting(each)])),
    }),
  );
  assert.ok(ir.tables.length > 0);
  return counters.reduce((sum, reads) => sum + reads(), 0);
}

function assertLinear(filesOf: (size: number) => ReadonlyMap<string, string>): void {
  const [few, more, most] = [20, 40, 80].map((size) => readsOf(filesOf(size))) as [number, number, number];
  assert.ok(few > 0);
  // Sorting is allowed for.
  assert.ok(most - more <= 2.3 * (more - few), `${few}, ${more}, ${most} reads`);
}

test('more specs', () => assertLinear(largeRepository));

const numbered = (size: number, line: (at: number) => string): string =>
  Array.from({ length: size }, (_, at) => line(at)).join('');

const wideView = (size: number): string => `kind: FeatureView
entity: customer_0000
ttl: 7d
batch: {table: wide, timestamp: at}
features:
${numbered(size, (at) => `  f${at}: {type: float64}\n`)}`;

/** Each step needs the one before. */
const longPipeline = (size: number): string => `kind: Pipeline
schedule: {cron: "0 * * * *"}
steps:
  s:
    run: wide.py:start
    writes:
      wide:
        at: timestamp
        customer_0000: int64
${numbered(size, (at) => `        f${at}: float64\n`)}
${numbered(size, (at) => `  s${at}: {run: wide.py:run, needs: ${at === 0 ? 's' : `s${at - 1}`}, writes: [t${at}]}\n`)}`;

test('larger specs', () =>
  assertLinear((size) => {
    const files = largeRepository(4);
    files.set('features/wide.yaml', wideView(size));
    files.set('pipelines/wide/pipeline.yaml', longPipeline(size));
    files.set('pipelines/wide/wide.py', 'def start():\n    return {}\n\n\ndef run():\n    return {}\n');
    const model = [...files.keys()].find((path) => path.endsWith('model.yaml')) ?? '';
    files.set(model, (files.get(model) ?? '').replace('features: [', 'features: [wide.*, '));
    return files;
  }));

test.run();
