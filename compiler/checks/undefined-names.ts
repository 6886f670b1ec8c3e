import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { type Declared, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { type Service, servicesOf } from '../link/services.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT002: {
    severity: 'error',
    title: 'Unknown connection',
    why: 'The step could not reach anything.',
    example: 'connections: [warehous]',
    fix: 'Correct the name, or declare it in platform.yaml.',
  },
});

/** Connections, volumes, networks and services that are named exist. */
export const undefinedNames: Check = {
  codes,
  run: (graph) => [
    ...[...graph.pipelines.values()].flatMap((pipeline) => connections(graph, pipeline)),
    ...servicesOf(graph).flatMap((service) => [
      ...volumes(service, graph.platform.value.environments[service.environment]?.volumes ?? []),
      ...networks(service),
      ...needs(service),
    ]),
  ],
};

function connections({ platform }: Graph, pipeline: Declared<'Pipeline'>): Finding[] {
  const known = Object.keys(platform.value.connections ?? {});
  return Object.entries(pipeline.value.steps).flatMap(([name, step]) =>
    (step.connections ?? []).flatMap((each, index) =>
      known.includes(each)
        ? []
        : [
            finding(
              'PLT002',
              valueAt(pipeline, 'steps', name, 'connections', index),
              `There is no connection '${each}' in platform.yaml.`,
              { ...spelling(each, known, 'declare it under `connections:` in platform.yaml') },
            ),
          ],
    ),
  );
}

const NETWORKS = ['edge', 'platform', 'data', 'events', 'monitoring', 'logs', 'ci'];

function volumes({ environment, stated, keyAt }: Service, declared: readonly string[]): Finding[] {
  return Object.keys(stated.volumes ?? {}).flatMap((volume) =>
    unknown(environment, 'volume', volume, declared, keyAt('volumes', volume), "add it to the environment's `volumes`"),
  );
}

function networks({ environment, stated, at }: Service): Finding[] {
  return (stated.networks ?? []).flatMap((network, index) =>
    unknown(
      environment,
      'network',
      network,
      NETWORKS,
      at('networks', index),
      `the networks are ${NETWORKS.join(', ')}`,
    ),
  );
}

function needs({ name, environment, stated, siblings, platform, keyAt }: Service): Finding[] {
  const others = [...siblings.keys(), ...platform].filter((each) => each !== name);
  return Object.keys(stated.needs ?? {}).flatMap((needed) =>
    unknown(
      environment,
      'service',
      needed,
      others,
      keyAt('needs', needed),
      'name one of `services`, or a container of the platform',
    ),
  );
}

function unknown(
  environment: string,
  what: string,
  word: string,
  known: readonly string[],
  at: Place,
  otherwise: string,
): Finding[] {
  return known.includes(word)
    ? []
    : [finding('PLT002', at, `Environment ${environment} has no ${what} '${word}'.`, spelling(word, known, otherwise))];
}
