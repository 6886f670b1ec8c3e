/** The containers that teams state themselves, in environments that run containers. */
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Path } from '../source/locate.ts';
import type { PlatformSpec } from '../spec-schema/generated/types.ts';
import { containersOf } from './containers.ts';
import { keyAt, partAt, valueAt } from './declared.ts';
import type { Graph } from './graph.ts';
import { runsContainers } from './hosts.ts';

export type EnvironmentSpec = PlatformSpec['environments'][string];
export type ServiceSpec = NonNullable<EnvironmentSpec['services']>[string];

export interface Service {
  name: string;
  stated: ServiceSpec;
  environment: string;
  /** All of its environment, itself included. */
  siblings: ReadonlyMap<string, Service>;
  /** Names of the platform's own containers in its environment. */
  platform: ReadonlySet<string>;
  /** Where a value of it stands. */
  at(...path: Path): Place;
  keyAt(...path: Path): Place;
  /** Where a part of a text value stands. */
  partAt(path: Path, from: number, to: number): Place;
}

export function servicesOf(graph: Graph): Service[] {
  const { platform } = graph;
  return Object.entries(platform.value.environments).flatMap(([environment, spec]) => {
    const { services } = spec;
    if (services === undefined || !runsContainers(graph, spec)) return [];
    const own = containersOf(graph, environment);
    const siblings = new Map<string, Service>();
    for (const [name, stated] of Object.entries(services)) {
      const base: Path = ['environments', environment, 'services', name];
      siblings.set(name, {
        name,
        stated,
        environment,
        siblings,
        platform: own,
        at: (...path) => valueAt(platform, ...base, ...path),
        keyAt: (...path) => keyAt(platform, ...base, ...path),
        partAt: (path, from, to) => partAt(platform, [...base, ...path], from, to),
      });
    }
    return [...siblings.values()];
  });
}
