import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { keyAt, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { hostOf, runsContainers } from '../link/hosts.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Check } from './check.ts';
import { codes as nameCodes } from './unknown-names.ts';

const { codes, finding } = defineCodes(
  {},
  { PLT010: nameCodes.PLT010, SPC008: specCodes.SPC008, SPC012: specCodes.SPC012 },
);

/** The settings of an environment fit together. */
export const environments: Check = {
  codes,
  run: (graph) => [
    ...secretProviders(graph),
    ...embeddedContainers(graph),
    ...openHosts(graph),
    ...servicesOfProcesses(graph),
    ...agesOfNothing(graph),
  ],
};

function secretProviders({ platform: each }: Graph): Finding[] {
  return Object.entries(each.value.environments).flatMap(([name, { secrets }]) => {
    if (secrets?.provider === 'file' && secrets.dir === undefined)
      return [
        finding('SPC012', valueAt(each, 'environments', name, 'secrets'), 'The `file` provider needs `dir`.', {
          help: 'add `dir: FOLDER`',
        }),
      ];
    if (secrets?.provider === 'env' && secrets.dir !== undefined)
      return [
        finding(
          'SPC012',
          keyAt(each, 'environments', name, 'secrets', 'dir'),
          '`dir` has no effect with the `env` provider.',
          {
            help: 'remove it, or use `provider: file`',
          },
        ),
      ];
    return [];
  });
}

/** Containers share nothing but servers: a file in one does not exist in another. */
function embeddedContainers(graph: Graph): Finding[] {
  const { platform: each } = graph;
  return Object.entries(each.value.environments).flatMap(([name, spec]) =>
    spec.stores === 'servers' || !runsContainers(graph, spec)
      ? []
      : [
          finding(
            'SPC012',
            valueAt(each, 'environments', name, 'stores'),
            `Environment ${name} runs containers, which can share data only through servers.`,
            {
              help: 'set `stores: servers`, or `runtime: process`',
              related: [{ message: 'the runtime is set here', at: valueAt(each, 'environments', name, 'runtime') }],
            },
          ),
        ],
  );
}

function openHosts(graph: Graph): Finding[] {
  const { platform: each } = graph;
  const loopback: readonly string[] = [defaults.Platform.environments.host, 'localhost'];
  return Object.entries(each.value.environments).flatMap(([name, { runtime, host }]) =>
    host === undefined || loopback.includes(host) || !hostOf(graph, { runtime }).onLoopback
      ? []
      : [
          finding(
            'SPC008',
            valueAt(each, 'environments', name, 'host'),
            `The ${runtime} runtime has no login and so listens on 127.0.0.1 only, not on '${host}'.`,
            { help: 'remove `host`' },
          ),
        ],
  );
}

function servicesOfProcesses(graph: Graph): Finding[] {
  const { platform: each } = graph;
  return Object.entries(each.value.environments).flatMap(([name, spec]) =>
    spec.services === undefined || runsContainers(graph, spec)
      ? []
      : [
          finding(
            'PLT010',
            keyAt(each, 'environments', name, 'services'),
            `Environment ${name} runs processes, but its services are containers.`,
            {
              help: 'set `runtime: compose`, or move the services to an environment that has it',
              related: [{ message: 'the runtime is set here', at: valueAt(each, 'environments', name, 'runtime') }],
            },
          ),
        ],
  );
}

/** Of containers nothing is backed up, and without servers nobody measures how old a backup is. */
function agesOfNothing(graph: Graph): Finding[] {
  const { platform: each } = graph;
  return Object.entries(each.value.environments).flatMap(([name, spec]) => {
    const hasBackups = !runsContainers(graph, spec);
    if (spec.backup_within === undefined || (hasBackups && spec.stores === 'servers')) return [];
    const [key, why] = hasBackups
      ? (['stores', 'no monitor, so nobody measures how old its last backup is'] as const)
      : (['runtime', 'containers, of which nothing is backed up'] as const);
    return [
      finding(
        'SPC012',
        keyAt(each, 'environments', name, 'backup_within'),
        `Environment ${name} has ${why}: 'backup_within' is held by nobody there.`,
        {
          help: 'remove it, or set `runtime: process` and `stores: servers`',
          related: [
            {
              message: `the ${key} ${key === 'stores' ? 'are' : 'is'} set here`,
              at: valueAt(each, 'environments', name, key),
            },
          ],
        },
      ),
    ];
  });
}
