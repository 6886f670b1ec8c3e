/** Ports on an environment's host: stated, the tools' own, or derived from a name. */
import { byText } from '../diagnostics/diagnostic.ts';
import type { Ports } from '../ir/types.ts';
import type { Declared } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { PlatformSpec } from '../spec-schema/generated/types.ts';

/** Below the range from which operating systems hand out ports, and above the well-known servers. */
export const FIRST_PORT = 20_000;
export const PORTS = 10_000;

export interface EnvironmentPorts {
  parts: Ports;
  /** By name; those for which no port is left are missing. */
  models: ReadonlyMap<string, number>;
  /** Of stream consumers, by view. */
  views: ReadonlyMap<string, number>;
}

export function portsOf(graph: Graph, environment: string): EnvironmentPorts {
  const spec = graph.platform.value.environments[environment] ?? { runtime: 'process', stores: 'embedded' };
  const parts = partPorts(graph, spec);
  const served = byName(graph.models.values()).filter(({ value }) => value.serving?.online);
  const streamed = spec.stores === 'servers' ? byName(graph.views.values()).filter(({ value }) => value.stream) : [];
  const models = new Map(
    served.flatMap((model) => portIn(model, environment) ?? []).map(({ name, port }) => [name, port]),
  );
  const offset = spec.port_offset ?? defaults.Platform.environments.port_offset;
  const suffix = suffixOf(environment, offset);
  const derived = derivedPorts(
    [
      ...served.filter(({ name }) => !models.has(name)).map(({ name }) => `${name}${suffix}`),
      ...streamed.map(({ name }) => `stream/${name}${suffix}`),
    ],
    [...Object.values(parts), ...models.values()],
    offset,
  );
  return {
    parts,
    models: new Map(served.flatMap(({ name }) => entry(name, models.get(name) ?? derived.get(`${name}${suffix}`)))),
    views: new Map(streamed.flatMap(({ name }) => entry(name, derived.get(`stream/${name}${suffix}`)))),
  };
}

/**
 * A shifted environment may run beside another one on the same machine, of this repository or of one with the same
 * models. Derived ports move by the offset within their range, so what is a whole round further needs another name.
 */
function suffixOf(environment: string, offset: number): string {
  if (offset === 0) return '';
  const rounds = Math.floor(offset / PORTS);
  return rounds === 1 ? `@${environment}` : `@${environment}/${rounds}`;
}

const byName = <D extends Declared<'Model'> | Declared<'FeatureView'>>(declared: Iterable<D>): D[] =>
  [...declared].sort((a, b) => byText(a.name, b.name));

const entry = (name: string, port: number | undefined): [string, number][] =>
  port === undefined ? [] : [[name, port]];

/** The port that a model states for an environment. */
function portIn({ name, value }: Declared<'Model'>, environment: string): { name: string; port: number } | null {
  const online = value.serving?.online;
  const port = online?.overrides?.[environment]?.port ?? online?.port;
  return port === undefined ? null : { name, port };
}

/** What each part listens on where nothing is stated, and in a network of its own. */
export const usualPorts = ({ inventory }: Graph): Ports =>
  Object.fromEntries([...inventory.ports].map(([part, { usual }]) => [part, usual]));

function partPorts(graph: Graph, { ports, port_offset }: PlatformSpec['environments'][string]): Ports {
  const offset = port_offset ?? defaults.Platform.environments.port_offset;
  const shifted = Object.entries(usualPorts(graph)).map(([part, usual]) => [part, usual + offset] as const);
  return { ...Object.fromEntries(shifted), ...ports };
}

/**
 * From each name alone, so that a new one does not move its neighbours, and moved by `offset`; on a clash the next
 * free one. `next` leads from a port that is taken towards one that may be free.
 */
export function derivedPorts(
  names: readonly string[],
  taken: Iterable<number>,
  offset = 0,
  next = new Map<number, number>(),
): Map<string, number> {
  const after = (port: number): number => FIRST_PORT + ((port - FIRST_PORT + 1) % PORTS);
  for (const port of taken) if (port >= FIRST_PORT && port < FIRST_PORT + PORTS) next.set(port, after(port));
  const found = new Map<string, number>();
  for (const name of names) {
    if (next.size === PORTS) break;
    const port = firstFree(FIRST_PORT + ((fnv1a(name) + offset) % PORTS), next);
    next.set(port, after(port));
    found.set(name, port);
  }
  return found;
}

/** Shortens the way for whoever comes after. */
function firstFree(from: number, next: Map<number, number>): number {
  const passed: number[] = [];
  let port = from;
  for (let further = next.get(port); further !== undefined; further = next.get(port)) {
    passed.push(port);
    port = further;
  }
  for (const each of passed) next.set(each, port);
  return port;
}

function fnv1a(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
