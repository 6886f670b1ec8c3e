import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ports as check } from '../checks/ports.ts';
import { analyse } from '../compile.ts';
import type { Declared } from '../link/declared.ts';
import { readSources } from '../source/read.ts';
import { BASE } from '../test/cases.ts';
import { runs } from '../test/runs.ts';
import { derivedPorts, FIRST_PORT, PORTS, portsOf } from './ports.ts';
import { type ResolvedGraph, resolve } from './resolve.ts';

const wanted = (count: number): string[] => Array.from({ length: count }, (_, at) => `model_${at}`);

/** The definition, without short cuts. */
function oneByOne(names: string[], taken: number[]): Map<string, number> {
  const found = new Map<string, number>();
  const known = new Set(taken);
  for (const name of names) {
    let hash = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    let port = FIRST_PORT + (hash % PORTS);
    while (known.has(port)) port = FIRST_PORT + ((port - FIRST_PORT + 1) % PORTS);
    known.add(port);
    found.set(name, port);
  }
  return found;
}

test('a port follows from the name, and on a clash the next free one is taken', () => {
  assert.is(
    derivedPorts(['departure_delay'], []).get('departure_delay'),
    oneByOne(['departure_delay'], []).get('departure_delay'),
  );
  const stretch = fc.tuple(
    fc.integer({ min: FIRST_PORT - 5, max: FIRST_PORT + PORTS + 5 }),
    fc.integer({ max: 900, min: 0 }),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { maxLength: 200 }),
      fc.array(stretch, { maxLength: 6 }),
      (names, stretches) => {
        const taken = stretches.flatMap(([from, length]) => Array.from({ length }, (_, at) => from + at));
        assert.equal([...derivedPorts(names, taken)], [...oneByOne(names, taken)]);
      },
    ),
    runs(100),
  );
});

test('models of repositories, or environments, that differ in port_offset alone get ports of their own', () => {
  const at = (environment: string, offset: number): number => {
    const { graph } = analyse(readSources(BASE));
    const { platform } = graph as ResolvedGraph;
    const environments = {
      [environment]: { runtime: 'process' as const, stores: 'embedded' as const, port_offset: offset },
    };
    const moved = {
      ...(graph as ResolvedGraph),
      platform: { ...platform, value: { ...platform.value, environments } },
    };
    return portsOf(moved, environment).models.get('churn') as number;
  };
  const offsets = [0, 1, 137, 599, 9_999, 10_000, 10_137, 20_000, 30_000, 40_000];
  for (const environment of ['local', 'staging'])
    assert.is(new Set(offsets.map((offset) => at(environment, offset))).size, offsets.length);
  assert.is(at('local', 138), at('local', 137) + 1);
});

test('each port of the range is given once, and then none', () => {
  const found = derivedPorts(wanted(PORTS + 5), []);
  assert.is(found.size, PORTS);
  assert.is(new Set(found.values()).size, PORTS);
  assert.is(
    derivedPorts(
      ['model'],
      Array.from({ length: PORTS }, (_, at) => FIRST_PORT + at),
    ).size,
    0,
  );
});

class Counted extends Map<number, number> {
  looks = 0;
  override get(port: number): number | undefined {
    this.looks += 1;
    return super.get(port);
  }
}

test('the last ports are found in as few steps as the first', () => {
  const looksFor = (count: number): number => {
    const next = new Counted();
    derivedPorts(wanted(count), [], 0, next);
    return next.looks / count;
  };
  assert.ok(looksFor(PORTS) < 10, `${looksFor(PORTS)} looks per port`);
  // One long stretch that is taken is passed once.
  const next = new Counted();
  derivedPorts(
    wanted(1000),
    Array.from({ length: PORTS - 1000 }, (_, at) => FIRST_PORT + at),
    0,
    next,
  );
  assert.ok(next.looks < 4 * PORTS, `${next.looks} looks`);
});

test('more models than ports are one finding, not a compiler that never ends', () => {
  const { graph } = analyse(readSources(BASE));
  const churn = graph?.models.get('churn') as Declared<'Model'>;
  const models = new Map(wanted(PORTS + 3).map((name) => [name, { ...churn, name }]));
  const full: ResolvedGraph = resolve({ ...(graph as ResolvedGraph), models });
  const findings = check.run(full, '2026-11-25');
  assert.equal(
    findings.map(({ code, at, message }) => [code, at.file, message]),
    [
      [
        'PLT014',
        'models/churn/model.yaml',
        'No port from 20000 to 29999 is left in environment local for model model_9997, nor for 2 more.',
      ],
    ],
  );
});

test.run();
