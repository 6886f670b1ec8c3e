import { type Address, addressOf, serviceAddresses, trialAddresses } from '../../ir/parts.ts';
import type { Environment, ModelService } from '../../ir/types.ts';
import { type Directive, nginx } from '../../render/nginx.ts';
import { images } from './images.ts';
import { type Service, type ServiceModule, server } from './service.ts';

/** nginx before the APIs: the one address that others call. */
export const proxy: ServiceModule = (_ir, environment) =>
  environment.services.length > 0 ? { proxy: container(environment) } : {};

function container(environment: Environment): Service {
  const { port } = addressOf(environment, 'proxy');
  const needs = environment.services.flatMap(({ model }) =>
    [...serviceAddresses(environment, model), ...trialAddresses(environment, model)].map(
      ({ host }) => [host, 'service_healthy'] as const,
    ),
  );
  return server(
    { image: images.proxy, user: '101:101', read_only: true, cap_drop: ['ALL'] },
    {
      networks: ['edge'],
      needs: Object.fromEntries(needs),
      health: ['wget', '-q', '-O', '/dev/null', `http://localhost:${port}/healthz`],
      volumes: ['../proxy/nginx.conf:/etc/nginx/nginx.conf:ro'],
      tmpfs: ['/tmp'],
      // On every interface: the APIs are what this host is for. TLS ends before it, or not at all.
      ports: [{ target: port, published: String(environment.ports.proxy), protocol: 'tcp' }],
      reads: [`${environment.name}/proxy/nginx.conf`],
      memory: 256,
      cpus: 1,
      grace: '30s',
    },
  );
}

/** Docker's own name server: it knows a container by its name, wherever it was started anew. */
const NAME_SERVER = '127.0.0.11';

export function proxyConfiguration(environment: Environment): string {
  const { port } = addressOf(environment, 'proxy');
  const servers = environment.services;
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
          ['log_format', 'json', 'escape=json', LOG_LINE],
          ['access_log', '/dev/stdout', 'json'],
          ['server_tokens', 'off'],
          ['resolver', NAME_SERVER, 'valid=10s', 'ipv6=off'],
          ...servers.map((service) => upstream(service, environment)),
          [
            'server',
            [
              ['listen', String(port)],
              ['server_name', environment.host, '_'],
              // The APIs refuse more than 4 MiB themselves, with a body that says so.
              ['client_max_body_size', '5m'],
              ['proxy_http_version', '1.1'],
              ['proxy_set_header', 'Connection', ''],
              ['proxy_set_header', 'Host', { variable: 'host' }],
              ['proxy_set_header', 'X-Forwarded-For', { variable: 'proxy_add_x_forwarded_for' }],
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
              ...servers.flatMap(routes),
              [
                'location',
                '/',
                [
                  ['default_type', 'application/json'],
                  ['return', '404', NOT_FOUND],
                ],
              ],
            ],
          ],
        ],
      ],
    ] satisfies Directive[])
  );
}

const NOT_FOUND = '{"error": {"message": "There is no such model here.", "details": []}}\n';

/** One JSON object a request, in the fields that our services use. */
const LOG_LINE = {
  template: `{"@timestamp": "$time_iso8601", "service.name": "proxy", "http.request.method": "$request_method", "url.path": "$uri", "http.response.status_code": $status, "event.duration_seconds": $request_time, "upstream": "$upstream_addr", "http.request.id": "$upstream_http_x_request_id", "labels": {"model_version": "$upstream_http_x_model_version"}}`,
};

/** The root is read-only. */
const temporaryFolders: Directive[] = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => [
  `${kind}_temp_path`,
  `/tmp/${kind}`,
]);

/**
 * A version on trial has its share; what it does not answer (it has taken itself out, or is none) goes to the champion.
 */
function upstream({ model, canary }: ModelService, environment: Environment): Directive {
  const champions = serviceAddresses(environment, model);
  const server =
    (weight: number | null) =>
    ({ host, port }: Address): Directive => [
      'server',
      `${host}:${port}`,
      'resolve',
      ...(weight === null ? [] : [`weight=${weight}`]),
      'max_fails=2',
      'fail_timeout=5s',
    ];
  const replicas = [
    ...champions.map(server(canary ? canary.weights.champion : null)),
    // The champion's share is divided among its replicas.
    ...trialAddresses(environment, model).map(server(canary && canary.weights.trial * champions.length)),
  ];
  // A shared zone, so that all workers know what one has found out.
  return ['upstream', model, [['zone', model, '64k'], ...replicas, ['keepalive', '32']]];
}

/** By their whole paths: /metrics and /docs of an API are not for callers. */
function routes({ model, timeoutSeconds, clientTimeoutSeconds }: ModelService): Directive[] {
  return ['', ':predict'].map((action) => [
    'location',
    '=',
    `/v1/models/${model}${action}`,
    // The API answers 504 itself when its time is over; this is for one that hangs. Nobody waits longer than the
    // callers.
    [
      ['proxy_pass', `http://${model}`],
      ['proxy_read_timeout', `${clientTimeoutSeconds ?? Math.ceil(timeoutSeconds) + 3}s`],
    ],
  ]);
}
