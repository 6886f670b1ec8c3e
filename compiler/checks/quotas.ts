import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { keyAt, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { runsContainers } from '../link/hosts.ts';
import type { EnvironmentSpec, ServiceSpec } from '../link/services.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { megabytes } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT007: {
    severity: 'error',
    judgement: true,
    title: 'Limits exceed the quota',
    why: 'The host kills what does not fit.',
    example: 'two services of 2g with quota: {memory: 3g}',
    fix: 'Lower a limit, or raise the quota.',
  },
});

/** The services of an environment fit into its quota. */
export const quotas: Check = {
  codes,
  run: (graph) =>
    Object.entries(graph.platform.value.environments).flatMap(([name, environment]) =>
      runsContainers(graph, environment) ? exceeded(graph, name, environment) : [],
    ),
};

function exceeded(graph: Graph, name: string, { services, quota }: EnvironmentSpec): Finding[] {
  const over = (
    field: 'memory' | 'cpus',
    asked: (service: ServiceSpec) => number,
    limit: number | undefined,
    unit: string,
  ): Finding[] => {
    const stated = Object.entries(services ?? {});
    const total = stated.reduce((sum, [, service]) => sum + asked(service), 0);
    const [largest] = [...stated].sort(([, a], [, b]) => asked(b) - asked(a));
    if (limit === undefined || total <= limit || !largest) return [];
    const parts = stated.map(([service, each]) => `${service} ${asked(each)}`).join(' + ');
    const path = ['environments', name, 'services', largest[0]];
    return [
      finding(
        'PLT007',
        largest[1][field] === undefined ? keyAt(graph.platform, ...path) : valueAt(graph.platform, ...path, field),
        `The services of environment ${name} may take ${total} ${unit} (${parts}), but the quota is ${limit}.`,
        {
          help: 'lower a limit, or raise the quota',
          related: [
            { message: 'the quota is set here', at: valueAt(graph.platform, 'environments', name, 'quota', field) },
          ],
        },
      ),
    ];
  };
  const memory = quota?.memory === undefined ? undefined : megabytes(quota.memory);
  return [
    ...over('memory', (service) => megabytes(service.memory), memory, 'megabytes'),
    ...over(
      'cpus',
      (service) => service.cpus ?? defaults.Platform.environments.services.cpus,
      quota?.cpus,
      'processors',
    ),
  ];
}
