import { CONTAINER_PORT, serviceAddress } from '../../ir/parts.ts';
import type { Environment } from '../../ir/types.ts';
import { IMAGES } from './images.ts';
import { HEALTHY, health, type Services, service } from './service.ts';

export const PROXY_PORT = 8000;

/** The one door to the APIs: spreads requests over a model's containers, and passes one that drains. */
export function proxy(environment: Environment): Services {
  if (environment.services.length === 0) return {};
  const apis = environment.services.map(({ model }) => serviceAddress(environment, model).host);
  return {
    proxy: service(
      IMAGES.nginx,
      { memory: '128m', networks: ['edge', 'watch'] },
      {
        volumes: ['../compose/proxy.conf:/etc/nginx/conf.d/default.conf:ro'],
        // Open to the world, as callers are elsewhere. TLS ends before it, at whatever the host has for that.
        ports: [`${environment.ports.proxy}:${PROXY_PORT}`],
        healthcheck: health(['wget', '-q', '--spider', `http://127.0.0.1:${PROXY_PORT}/livez`]),
        depends_on: Object.fromEntries(apis.map((api) => [api, HEALTHY])),
      },
    ),
  };
}

export function proxyConfiguration(environment: Environment): string {
  const upstreams = environment.services.map(({ model }) => upstream(model, serviceAddress(environment, model).host));
  const locations = environment.services.map(({ model, timeoutSeconds }) => location(model, timeoutSeconds));
  return `# Generated from ${environment.origin.file}; do not edit.
# Docker's own name server: containers of a roll-out come and go, and are found again within seconds.
resolver 127.0.0.11 valid=5s;

${upstreams.join('\n')}
server {
  listen ${PROXY_PORT};
  client_max_body_size 4m;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header X-Request-Id $request_id;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;

  location = /livez {
    return 200;
  }

${locations.join('\n')}
  location / {
    return 404;
  }
}
`;
}

function upstream(model: string, host: string): string {
  return `upstream ${model} {
  zone ${model} 64k;
  server ${host}:${CONTAINER_PORT} resolve max_fails=1 fail_timeout=2s;
  keepalive 32;
}
`;
}

/** A prediction changes nothing, so one that found a container gone may be asked of the next. */
function location(model: string, timeoutSeconds: number): string {
  return `  location ~ ^/v1/models/${model}(:predict)?$ {
    proxy_pass http://${model};
    proxy_connect_timeout 2s;
    proxy_read_timeout ${timeoutSeconds + 5}s;
    proxy_next_upstream error timeout http_503 non_idempotent;
    proxy_next_upstream_tries 2;
  }
`;
}
