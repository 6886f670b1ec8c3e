import { type Finding, finding } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { DEFAULT_PORTS, partsOf } from '../ir/parts.ts';
import type { Part } from '../ir/types.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';

/** PLT001, PLT004, PLT010, SPC012: environments, ports and secrets. */
export const platform: Check = {
  run: (graph) => [
    ...secretProviders(graph),
    ...literalSecrets(graph),
    ...[...graph.models.values()].flatMap((model) => unknownEnvironments(graph, model)),
    ...portClashes(graph),
    ...embeddedContainers(graph),
    ...openHosts(graph),
    ...itself(graph),
  ],
};

function secretProviders({ platform: each }: Graph): Finding[] {
  return Object.entries(each.value.environments).flatMap(([name, { secrets }]) => {
    if (secrets?.provider === 'file' && secrets.dir === undefined)
      return [
        finding('SPC012', valueAt(each, 'environments', name, 'secrets'), 'The file provider needs `dir`.', {
          help: 'add `dir: FOLDER`',
        }),
      ];
    if (secrets?.provider === 'env' && secrets.dir !== undefined)
      return [
        finding(
          'SPC012',
          keyAt(each, 'environments', name, 'secrets', 'dir'),
          '`dir` means nothing for the env provider.',
          {
            help: 'remove it, or use `provider: file`',
          },
        ),
      ];
    return [];
  });
}

const SECRET_KEY = /(^|_)(password|passwd|secret|token|api_?key|private_?key|access_?key)$/;
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

function literalSecrets({ platform: each }: Graph): Finding[] {
  return Object.entries(each.value.connections ?? {}).flatMap(([connection, settings]) =>
    Object.entries(settings).flatMap(([key, value]) => {
      if (typeof value === 'object') return [];
      const what = SECRET_KEY.test(key)
        ? `'${key}' is written out`
        : URL_WITH_PASSWORD.test(String(value))
          ? 'The URL contains a password'
          : null;
      return what === null
        ? []
        : [
            finding(
              'PLT004',
              valueAt(each, 'connections', connection, key),
              `${what}; whoever reads the repository would have it.`,
              {
                help: `write '${SECRET_KEY.test(key) ? key : 'password'}: {secret: ${connection}}'`,
              },
            ),
          ];
    }),
  );
}

function unknownEnvironments(graph: Graph, model: Declared<'Model'>): Finding[] {
  const known = Object.keys(graph.platform.value.environments);
  return Object.keys(model.value.serving?.online?.overrides ?? {}).flatMap((name) =>
    known.includes(name)
      ? []
      : [
          finding(
            'PLT010',
            keyAt(model, 'serving', 'online', 'overrides', name),
            `There is no environment '${name}' in platform.yaml.`,
            {
              ...spelling(name, known, `the environments are ${known.join(', ')}`),
            },
          ),
        ],
  );
}

function portClashes(graph: Graph): Finding[] {
  return Object.entries(graph.platform.value.environments).flatMap(([environment, spec]) => {
    const taken = new Map<number, { what: string; at: Finding['at'] }>();
    const findings: Finding[] = [];
    const take = (port: number, what: string, at: Finding['at']) => {
      const other = taken.get(port);
      if (other)
        findings.push(
          finding('PLT001', at, `${what} has port ${port} in environment ${environment}, which is ${other.what}'s.`, {
            related: [{ message: `${other.what} has it here`, at: other.at }],
          }),
        );
      else taken.set(port, { what, at });
    };
    const root = graph.platform;
    for (const part of partsOf(spec)) {
      const stated = spec.ports?.[part];
      const at =
        stated === undefined
          ? keyAt(root, 'environments', environment)
          : valueAt(root, 'environments', environment, 'ports', part);
      take(stated ?? DEFAULT_PORTS[part] + (spec.port_offset ?? 0), PART_NAMES[part], at);
    }
    for (const [name, { publish }] of Object.entries(spec.services ?? {}))
      if (publish !== undefined)
        take(publish, `service ${name}`, valueAt(root, 'environments', environment, 'services', name, 'publish'));
    for (const model of graph.models.values()) {
      const online = model.value.serving?.online;
      const override = online?.overrides?.[environment]?.port;
      if (override !== undefined)
        take(override, `model ${model.name}`, valueAt(model, 'serving', 'online', 'overrides', environment, 'port'));
      else if (online?.port !== undefined)
        take(online.port, `model ${model.name}`, valueAt(model, 'serving', 'online', 'port'));
    }
    return findings;
  });
}

/** The names that people know the parts by. */
const PART_NAMES: Record<Part, string> = {
  airflow: 'Airflow',
  mlflow: 'MLflow',
  postgres: 'PostgreSQL',
  redis: 'Redis',
  kafka: 'Kafka',
  kafka_controller: "Kafka's controller",
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  node_exporter: 'the node exporter',
  elasticsearch: 'Elasticsearch',
  monitor: 'the monitor',
  grafana: 'Grafana',
  kibana: 'Kibana',
  jupyter: 'Jupyter',
  jenkins: 'Jenkins',
  proxy: 'the reverse proxy',
};

/** Containers share nothing but servers: a file of one is not there in another. */
function embeddedContainers({ platform: each }: Graph): Finding[] {
  return Object.entries(each.value.environments).flatMap(([name, { runtime, stores }]) =>
    runtime !== 'compose' || stores === 'servers'
      ? []
      : [
          finding(
            'SPC012',
            valueAt(each, 'environments', name, 'stores'),
            `Environment ${name} runs containers, and they need servers to share.`,
            {
              help: 'write `stores: servers`, or `runtime: process`',
              related: [
                { message: 'containers are asked for here', at: valueAt(each, 'environments', name, 'runtime') },
              ],
            },
          ),
        ],
  );
}

function openHosts({ platform: each }: Graph): Finding[] {
  return Object.entries(each.value.environments).flatMap(([name, { runtime, host }]) =>
    runtime !== 'process' || host === undefined || host === '127.0.0.1' || host === 'localhost'
      ? []
      : [
          finding(
            'SPC008',
            valueAt(each, 'environments', name, 'host'),
            `'${host}' is not 127.0.0.1: the process runtime has no log-in, so it listens on loopback only.`,
            { help: 'remove `host`' },
          ),
        ],
  );
}

/** A connection is the same in all environments; in a container `localhost` is that container. */
function itself({ platform: each }: Graph): Finding[] {
  const [environment] = Object.entries(each.value.environments).find(([, { runtime }]) => runtime === 'compose') ?? [];
  if (environment === undefined) return [];
  return Object.entries(each.value.connections ?? {}).flatMap(([connection, settings]) =>
    Object.entries(settings).flatMap(([key, value]) =>
      typeof value === 'string' &&
      (/^(localhost|127\.\d+\.\d+\.\d+)$/.test(value) ||
        /:\/\/([^@/\s]*@)?(localhost|127\.\d+\.\d+\.\d+)([:/]|$)/.test(value))
        ? [
            finding(
              'PLT008',
              valueAt(each, 'connections', connection, key),
              `In environment ${environment} steps run in containers, where '${value}' leads to the container itself.`,
              {
                help: 'write a name that can be reached from there',
                related: [
                  {
                    message: 'containers are asked for here',
                    at: valueAt(each, 'environments', environment, 'runtime'),
                  },
                ],
              },
            ),
          ]
        : [],
    ),
  );
}
