import { type Finding, finding, type Place } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { containersOf } from '../link/containers.ts';
import { keyAt, partAt, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Path } from '../source/locate.ts';
import type { PlatformSpec } from '../spec-schema/generated/types.ts';
import { megabytes } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

/** PLT002 to PLT010, OBS003, SPC013: containers of teams' own start, are healthy, and reach what they are meant to. */
export const containers: Check = {
  run: (graph) =>
    Object.entries(graph.platform.value.environments).flatMap(([name, environment]) => {
      const scope: Scope = { graph, name, environment, platform: containersOf(graph, name) };
      return environment.services === undefined
        ? []
        : [...wholeEnvironment(scope), ...Object.keys(environment.services).flatMap((each) => one(scope, each))];
    }),
};

type EnvironmentSpec = PlatformSpec['environments'][string];
type ServiceSpec = NonNullable<EnvironmentSpec['services']>[string];

interface Scope {
  graph: Graph;
  name: string;
  environment: EnvironmentSpec;
  /** Names of the platform's own containers. */
  platform: ReadonlySet<string>;
}

const NETWORKS = ['edge', 'platform', 'data', 'events', 'monitoring', 'logs', 'ci'];

const pathOf = ({ name }: Scope, service: string, ...rest: Path): Path => [
  'environments',
  name,
  'services',
  service,
  ...rest,
];
const at = (scope: Scope, service: string, ...rest: Path): Place =>
  valueAt(scope.graph.platform, ...pathOf(scope, service, ...rest));
const key = (scope: Scope, service: string, ...rest: Path): Place =>
  keyAt(scope.graph.platform, ...pathOf(scope, service, ...rest));

function wholeEnvironment(scope: Scope): Finding[] {
  const { graph, name, environment } = scope;
  const services = Object.entries(environment.services ?? {});
  if (environment.runtime !== 'compose')
    return [
      finding(
        'PLT010',
        keyAt(graph.platform, 'environments', name, 'services'),
        `Environment ${name} runs processes, and its services are containers.`,
        {
          help: 'write `runtime: compose`, or move the services to an environment that has it',
          related: [
            { message: 'the runtime is stated here', at: valueAt(graph.platform, 'environments', name, 'runtime') },
          ],
        },
      ),
    ];
  const over = (
    field: 'memory' | 'cpus',
    asked: (service: ServiceSpec) => number,
    limit: number | undefined,
    unit: string,
  ): Finding[] => {
    if (limit === undefined) return [];
    const total = services.reduce((sum, [, service]) => sum + asked(service), 0);
    if (total <= limit) return [];
    const [largest] = [...services].sort(([, a], [, b]) => asked(b) - asked(a));
    if (!largest) return [];
    const parts = services.map(([service, stated]) => `${service} ${asked(stated)}`).join(' + ');
    const place = largest[1][field] === undefined ? key(scope, largest[0]) : at(scope, largest[0], field);
    return [
      finding(
        'PLT007',
        place,
        `The services of environment ${name} may take ${total} ${unit} (${parts}), and have ${limit}.`,
        {
          help: 'lower a limit, or raise the quota',
          related: [{ message: 'the quota', at: valueAt(graph.platform, 'environments', name, 'quota', field) }],
        },
      ),
    ];
  };
  const { memory, cpus } = environment.quota ?? {};
  return [
    ...over(
      'memory',
      (service) => megabytes(service.memory),
      memory === undefined ? undefined : megabytes(memory),
      'megabytes',
    ),
    ...over('cpus', (service) => service.cpus ?? 1, cpus, 'processors'),
  ];
}

function one(scope: Scope, name: string): Finding[] {
  const service = scope.environment.services?.[name];
  if (!service || scope.environment.runtime !== 'compose') return [];
  return [
    ...(scope.platform.has(name)
      ? [
          finding(
            'SPC013',
            key(scope, name),
            `The platform has a container '${name}' of its own in environment ${scope.name}.`,
            {
              help: 'give yours another name',
            },
          ),
        ]
      : []),
    ...undefinedNames(scope, name, service),
    ...image(scope, name, service),
    ...health(scope, name, service),
    ...measured(scope, name, service),
    ...variables(scope, name, service),
  ];
}

function undefinedNames(scope: Scope, name: string, { volumes, networks, needs }: ServiceSpec): Finding[] {
  const declared = scope.environment.volumes ?? [];
  const others = [...Object.keys(scope.environment.services ?? {}), ...scope.platform].filter((each) => each !== name);
  const unknown = (what: string, word: string, known: readonly string[], place: Place, otherwise: string): Finding[] =>
    known.includes(word)
      ? []
      : [
          finding(
            'PLT002',
            place,
            `Environment ${scope.name} has no ${what} '${word}'.`,
            spelling(word, known, otherwise),
          ),
        ];
  return [
    ...Object.keys(volumes ?? {}).flatMap((volume) =>
      unknown(
        'volume',
        volume,
        declared,
        key(scope, name, 'volumes', volume),
        `add it to the environment's \`volumes\``,
      ),
    ),
    ...(networks ?? []).flatMap((network, index) =>
      unknown(
        'network',
        network,
        NETWORKS,
        at(scope, name, 'networks', index),
        `the networks are ${NETWORKS.join(', ')}`,
      ),
    ),
    ...Object.keys(needs ?? {}).flatMap((needed) =>
      unknown(
        'service',
        needed,
        others,
        key(scope, name, 'needs', needed),
        'name one of `services`, or a container of the platform',
      ),
    ),
  ];
}

function image(scope: Scope, name: string, { image: stated }: ServiceSpec): Finding[] {
  const last = stated.slice(stated.lastIndexOf('/') + 1);
  const tag = last.includes('@sha256:') ? 'digest' : last.split(':')[1];
  if (tag !== undefined && tag !== 'latest' && tag !== '') return [];
  return [
    finding(
      'PLT003',
      at(scope, name, 'image'),
      `Image '${stated}' ${tag === 'latest' ? 'is `latest`' : 'has no tag'}: what runs changes without a change here.`,
      {
        help: 'state a version, or a digest (`@sha256:…`)',
      },
    ),
  ];
}

/** Programs that images of these names lack; what is not listed here may have any. */
const LACKING: [RegExp, RegExp][] = [
  [/(^|\/)(redis|postgres|debian|ubuntu|mariadb|mysql):/, /^(curl|wget)$/],
  [/(^|\/)prom\/[a-z-]+:/, /^(curl|bash)$/],
  [/(^|\/)python:.*slim/, /^(curl|wget)$/],
  [/(^|\/)node:.*slim/, /^(curl|wget)$/],
  [/(^|\/)(alpine|[a-z]+:.*alpine)/, /^(curl|bash)$/],
  [/(distroless|scratch|chainguard|static)/, /^(curl|wget|sh|bash)$/],
  [/(^|\/)(busybox):/, /^(curl|bash)$/],
];

function health(scope: Scope, name: string, { image: stated, health: command, needs }: ServiceSpec): Finding[] {
  const program = command?.[0]?.slice((command[0] ?? '').lastIndexOf('/') + 1) ?? '';
  const lacking = LACKING.some(([images, programs]) => images.test(stated) && programs.test(program));
  const unprobed = Object.entries(needs ?? {}).filter(
    ([needed, state]) =>
      state === 'healthy' && scope.environment.services?.[needed] && !scope.environment.services[needed]?.health,
  );
  return [
    ...(lacking
      ? [
          finding(
            'PLT006',
            at(scope, name, 'health', 0),
            `Image '${stated}' has no ${program}: ${name} would be unhealthy for ever.`,
            {
              help: 'use a program that the image has, or an image that has this one',
              related: [{ message: 'the image', at: at(scope, name, 'image') }],
            },
          ),
        ]
      : []),
    ...unprobed.map(([needed]) =>
      finding(
        'PLT005',
        key(scope, name, 'needs', needed),
        `${name} waits until ${needed} is healthy, and ${needed} has no health check: it would wait for ever.`,
        {
          help: `add \`health:\` to ${needed}`,
          related: [{ message: `service ${needed}`, at: key(scope, needed) }],
        },
      ),
    ),
  ];
}

function measured(scope: Scope, name: string, { metrics, port, networks = ['platform'] }: ServiceSpec): Finding[] {
  if (metrics === undefined) return [];
  const why =
    port === undefined
      ? 'it states no `port`'
      : networks.includes('monitoring')
        ? null
        : 'it is not in the network `monitoring`';
  if (why === null) return [];
  return [
    finding('OBS003', key(scope, name, 'metrics'), `${name} has metrics, and Prometheus cannot reach them: ${why}.`, {
      help: port === undefined ? 'add `port:`' : 'add `monitoring` to its networks',
      related: networks && port !== undefined ? [{ message: 'its networks', at: key(scope, name, 'networks') }] : [],
    }),
  ];
}

const ADDRESS = /([a-z][a-z0-9+.-]*):\/\/(?:[^@/\s]*@)?([A-Za-z0-9_.-]+|\[[0-9a-f:]+\])/g;
const SECRET = /(password|passwd|secret|token|api_?key|private_?key)$/i;

function variables(scope: Scope, name: string, service: ServiceSpec): Finding[] {
  return Object.entries(service.variables ?? {}).flatMap(([variable, stated]) => {
    const text = String(stated);
    const path = pathOf(scope, name, 'variables', variable);
    if (SECRET.test(variable) && text.length > 0 && !text.startsWith('/run/secrets/'))
      return [
        finding(
          'PLT004',
          valueAt(scope.graph.platform, ...path),
          `The variable ${variable} of ${name} holds a secret as it is.`,
          {
            help: 'put it under `secrets:`, and let the variable name the file: /run/secrets/NAME',
          },
        ),
      ];
    return [...text.matchAll(ADDRESS)].flatMap(({ 0: whole, 1: scheme = '', 2: host = '', index }) => {
      const place = (): Place => partAt(scope.graph.platform, path, index, index + whole.length);
      if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host))
        return [
          finding('PLT008', place(), `In the container of ${name}, '${host}' is the container itself.`, {
            help: 'write the name of the service that is meant',
          }),
        ];
      return tls(scope, name, scheme, host, place);
    });
  });
}

const SECURE = /^(https|rediss|wss|amqps|mqtts|grpcs)$/;
const PLAIN = /^(http|redis|ws|amqp|mqtt|grpc)$/;

function tls(scope: Scope, name: string, scheme: string, host: string, place: () => Place): Finding[] {
  const target = scope.environment.services?.[host];
  const isKnown = target !== undefined || scope.platform.has(host);
  const speaks = target?.tls ?? false;
  if (!isKnown || (speaks ? !PLAIN.test(scheme) : !SECURE.test(scheme))) return [];
  return [
    finding(
      'PLT009',
      place(),
      `${name} speaks ${speaks ? `${scheme}, without TLS,` : `TLS (${scheme})`} to ${host}, which ${speaks ? 'asks for it' : 'has none'}.`,
      {
        help: speaks
          ? 'use the secure form of the address'
          : `write \`${scheme.replace(/s$/, '')}://\`, or let ${host} speak TLS and say \`tls: true\``,
        related: target ? [{ message: `service ${host}`, at: key(scope, host) }] : [],
      },
    ),
  ];
}
