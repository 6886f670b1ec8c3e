/** nginx before the APIs: the one address that others call. */
import type { Environment, ModelService, ProxySettings } from '../../ir/types.ts';
import { type Directive, nginx } from '../../render/nginx.ts';
import type { Address, Site } from '../host.ts';
import type { Running } from '../workload.ts';
import { failure, refusals } from './answers.ts';
import { admission, callerInLog, callers, roomForKeys, unknownCallers } from './callers.ts';
import { renewable, tls } from './tls.ts';

export function configuration({ environment, host }: Site, all: readonly Running[]): string {
  const { port } = host.listen('proxy');
  const servers = environment.services;
  const addresses = new Map(all.map((each) => [each.workload.name, each.addresses]));
  const header = `# Generated from ${environment.origin.file}; do not edit.\n`;
  return (
    header +
    nginx([
      ['worker_processes', 'auto'],
      ['pid', '/tmp/nginx.pid'],
      ['error_log', '/dev/stderr', 'warn'],
      ['events', [['worker_connections', '4096']]],
      [
        'http',
        [
          ...temporaryFolders,
          roomForKeys,
          requestNumber,
          ['log_format', 'json', 'escape=json', logLine(environment.proxy)],
          ['access_log', '/dev/stdout', 'json'],
          ['server_tokens', 'off'],
          ...patience,
          ...callers(environment.proxy),
          ...(environment.proxy.tls ? [renewable] : []),
          ...resolver(host.nameServer),
          ...servers.map((service) => upstream(service, addresses, host.nameServer)),
          server(environment, port),
        ],
      ],
    ] satisfies Directive[])
  );
}

/** Every path of a model's API, and nothing else. */
const server = (environment: Environment, port: number): Directive => [
  'server',
  [
    ['listen', String(port)],
    ...(environment.proxy.tls ? tls(environment) : []),
    ['server_name', environment.host, '_'],
    // The APIs refuse more than 4 MiB themselves, with a body that says so.
    ['client_max_body_size', '5m'],
    ['proxy_http_version', '1.1'],
    ['proxy_set_header', 'Connection', ''],
    ['proxy_set_header', 'Host', { variable: 'host' }],
    // Who called, as we have seen it; what the caller says of it counts nowhere.
    ['proxy_set_header', 'X-Forwarded-For', { variable: 'remote_addr' }],
    ['proxy_connect_timeout', '1s'],
    // A prediction changes nothing, so another replica may be asked where one is gone or has no model yet.
    ['proxy_next_upstream', 'error', 'timeout', 'http_503', 'non_idempotent'],
    ['proxy_next_upstream_tries', '2'],
    [
      'location',
      '=',
      '/healthz',
      [
        ['access_log', 'off'],
        ['default_type', 'text/plain'],
        ['return', '200', 'alive\n'],
      ],
    ],
    ...environment.services.flatMap((service) => routes(service, environment.proxy)),
    [
      'location',
      '/',
      [
        ['default_type', 'application/json'],
        ['return', '404', failure('There is no such model here.')],
      ],
    ],
    ...unknownCallers(environment.proxy),
    ...refusals,
  ],
];

/** A replica that was started again may have another address. */
const resolver = (nameServer: string | null): Directive[] =>
  nameServer === null ? [] : [['resolver', nameServer, 'valid=10s', 'ipv6=off']];

/** What an API numbered has its number, and what never reached one has nginx's. */
const requestNumber: Directive = [
  'map',
  { variable: 'upstream_http_x_request_id' },
  { variable: 'request_number' },
  [
    ['default', { variable: 'request_id' }],
    ['~.', { variable: 'upstream_http_x_request_id' }],
  ],
];

/** Who sends or reads nothing for so long holds a connection for nobody; a body gets what the API would give it. */
const patience: Directive[] = [
  ['client_header_timeout', '10s'],
  ['client_body_timeout', '30s'],
  ['send_timeout', '30s'],
  ['reset_timedout_connection', 'on'],
];

/** One JSON object per request, in fields of ECS; nginx counts seconds, and ECS nanoseconds. */
const logLine = (proxy: ProxySettings) => ({
  template:
    '{"@timestamp": "$time_iso8601", "service.name": "proxy", "http.request.method": "$request_method", ' +
    `"url.path": "$uri", "http.response.status_code": $status, "event.duration": \${request_time}e9, ` +
    '"http.request.bytes": $request_length, "http.response.bytes": $bytes_sent, "source.ip": "$remote_addr", ' +
    '"user_agent.original": "$http_user_agent", "http.request.id": "$request_number", ' +
    `"labels": {${callerInLog(proxy)}"model_version": "$upstream_http_x_model_version", ` +
    '"upstream": "$upstream_addr"}}',
});

/** The root is read-only. */
const temporaryFolders: Directive[] = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => [
  `${kind}_temp_path`,
  `/tmp/${kind}`,
]);

/**
 * A version on trial has its share; what it does not answer (it has taken itself out, or is none) goes to the champion.
 */
function upstream(
  { model, canary }: ModelService,
  addresses: ReadonlyMap<string, Address[]>,
  nameServer: string | null,
): Directive {
  const champions = addresses.get(`serving-${model}`) ?? [];
  const trials = addresses.get(`serving-${model}-trial`) ?? [];
  const server =
    (weight: number | null) =>
    ({ host, port }: Address): Directive => [
      'server',
      `${host}:${port}`,
      ...(nameServer === null ? [] : ['resolve']),
      ...(weight === null ? [] : [`weight=${weight}`]),
      'max_fails=2',
      'fail_timeout=5s',
    ];
  const replicas = [
    ...champions.map(server(canary ? canary.weights.champion : null)),
    // The champion's share is divided among its replicas.
    ...trials.map(server(canary && canary.weights.trial * champions.length)),
  ];
  // A shared zone, so that all workers know what one has found out.
  return ['upstream', model, [['zone', model, '64k'], ...replicas, ['keepalive', '32']]];
}

/** By their whole paths: /metrics and /docs of an API are not for callers. */
function routes({ model, timeoutSeconds, clientTimeoutSeconds }: ModelService, proxy: ProxySettings): Directive[] {
  return ['', ':predict'].map((action) => [
    'location',
    '=',
    `/v1/models/${model}${action}`,
    // The API answers 504 itself when its time is over; this is for one that hangs. Nobody waits longer than the
    // callers.
    [
      ...admission(proxy),
      ['proxy_pass', `http://${model}`],
      ['proxy_read_timeout', `${clientTimeoutSeconds ?? Math.ceil(timeoutSeconds) + 3}s`],
    ],
  ]);
}
