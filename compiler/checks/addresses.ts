import { secretsIn } from '../credentials/recognise.ts';
import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { hostOf } from '../link/hosts.ts';
import { type Service, servicesOf } from '../link/services.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { valuesIn } from '../spec-schema/values.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PLT008: {
    severity: 'error',
    title: 'An address that leads back to its own container',
    why: 'Inside a container, `localhost` is the container itself.',
    example: 'variables: {URL: "http://localhost:8000"}',
    fix: 'Use the name of the service.',
  },
  PLT009: {
    severity: 'error',
    title: 'Client and server disagree on TLS',
    why: 'The connection fails at the first byte.',
    example: 'URL: https://store:8091, where store has no TLS',
    fix: 'Make the address agree with `tls:`.',
  },
});

/** Addresses lead out of the container that uses them, and client and server agree on TLS. */
export const addresses: Check = {
  codes,
  run: (graph) => [...connections(graph), ...ofEnvironments(graph), ...servicesOf(graph).flatMap(variables)],
};

/** A connection is the same in all environments; in a container `localhost` is that container. */
function connections(graph: Graph): Finding[] {
  const { platform: each } = graph;
  const environments = Object.entries(each.value.environments);
  const [environment] = environments.find(([, spec]) => hostOf(graph, spec).ownNetwork) ?? [];
  if (environment === undefined) return [];
  return Object.entries(each.value.connections ?? {}).flatMap(([connection, settings]) =>
    Object.entries(settings)
      .filter(([, value]) => isLoopback(value))
      .map(([key, value]) =>
        finding(
          'PLT008',
          valueAt(each, 'connections', connection, key),
          `In environment ${environment} steps run in containers, where '${value}' leads to the container itself.`,
          {
            help: 'use a host name that containers can reach',
            related: [
              { message: 'the runtime is set here', at: valueAt(each, 'environments', environment, 'runtime') },
            ],
          },
        ),
      ),
  );
}

/** Where the containers of an environment connect to, by the schema: where alerts go, and the like. */
function ofEnvironments(graph: Graph): Finding[] {
  const { platform: each } = graph;
  return valuesIn('Platform', each.value).flatMap(({ schema, path, value }) => {
    const [, name = ''] = path;
    const environment = each.value.environments[name];
    if (schema['x-reached-from'] !== 'environment' || !environment || !isLoopback(value)) return [];
    if (!hostOf(graph, environment).ownNetwork) return [];
    return [
      finding(
        'PLT008',
        valueAt(each, ...path),
        `In environment ${name} this is reached from a container, where '${value}' leads to the container itself.`,
        {
          help: 'use a host name that containers can reach',
          related: [{ message: 'the runtime is set here', at: valueAt(each, 'environments', name, 'runtime') }],
        },
      ),
    ];
  });
}

/** A host that is the machine, or the container, that asks for it. */
const OWN = String.raw`(localhost|ip6-localhost|[a-z0-9-]+\.localhost|127(\.\d+){1,3}|0\.0\.0\.0|\[::1?\]|::1)\.?`;
const LOOPBACK = new RegExp(`^${OWN}$`, 'i');
/** Alone, with a port, in an address, or in a list of settings such as libpq's. */
const LOOPBACK_IN = new RegExp(`(^|://([^@/\\s]*@)?|[=,\\s])${OWN}(?=[:/?#,;\\s]|$)`, 'i');

const isLoopback = (value: unknown): boolean => typeof value === 'string' && LOOPBACK_IN.test(value);

const ADDRESS = /([a-z][a-z0-9+.-]*):\/\/(?:[^@/\s]*@)?([A-Za-z0-9_.-]+|\[[0-9a-f:]+\])/g;

function variables(service: Service): Finding[] {
  return Object.entries(service.stated.variables ?? {}).flatMap(([variable, stated]) => {
    if (secretsIn(String(stated), variable).length > 0) return [];
    return [...String(stated).matchAll(ADDRESS)].flatMap(({ 0: whole, 1: scheme = '', 2: host = '', index }) => {
      const place = (): Place => service.partAt(['variables', variable], index, index + whole.length);
      if (LOOPBACK.test(host))
        return [
          finding('PLT008', place(), `In the container of ${service.name}, '${host}' is the container itself.`, {
            help: 'use the name of the service',
          }),
        ];
      return tls(service, scheme, host, place);
    });
  });
}

const SECURE = /^(https|rediss|wss|amqps|mqtts|grpcs)$/;
const PLAIN = /^(http|redis|ws|amqp|mqtt|grpc)$/;

function tls({ name, siblings, platform }: Service, scheme: string, host: string, place: () => Place): Finding[] {
  const target = siblings.get(host);
  const speaks = target?.stated.tls ?? defaults.Platform.environments.services.tls;
  const isKnown = target !== undefined || platform.has(host);
  if (!isKnown || (speaks ? !PLAIN.test(scheme) : !SECURE.test(scheme))) return [];
  return [
    finding(
      'PLT009',
      place(),
      speaks
        ? `${name} connects to ${host} without TLS (${scheme}), but ${host} requires it.`
        : `${name} connects to ${host} with TLS (${scheme}), but ${host} does not offer it.`,
      {
        help: speaks
          ? 'use the secure form of the address'
          : `write \`${scheme.replace(/s$/, '')}://\`, or give ${host} TLS and set \`tls: true\``,
        related: target ? [{ message: `service ${host}`, at: target.keyAt() }] : [],
      },
    ),
  ];
}
