import type { Site } from '../host.ts';
import type { Tool } from '../tool.ts';
import type { Workload } from '../workload.ts';
import { configuration } from './nginx.ts';

/** The reverse proxy, where models are served. */
export const proxy = {
  name: 'proxy',
  workloads: (site) => (site.environment.services.length > 0 ? [server(site)] : []),
  ports: { proxy: { title: 'the reverse proxy', usual: 8000, form: 'container' } },
  containers: () => ['proxy'],
} satisfies Tool;

function server(site: Site): Workload {
  const { name, origin, services } = site.environment;
  const file = `${name}/proxy/nginx.conf`;
  const apis = services.flatMap(({ model }) => [`serving-${model}`, `serving-${model}-trial`]);
  return {
    name: 'proxy',
    port: { part: 'proxy' },
    health: { http: '/healthz' },
    needs: Object.fromEntries(apis.map((api) => [api, 'healthy'])),
    container: {
      image: 'nginx:1.28.0-alpine',
      user: '101:101',
      hardened: true,
      networks: ['edge'],
      probe: 'wget',
      mounts: [{ generated: file, at: '/etc/nginx/nginx.conf' }],
      scratch: ['/tmp'],
      // On every interface: the APIs are what this host is for. TLS ends before it, or not at all.
      open: 'everywhere',
      reads: [`generated/${file}`],
      files: (all) => [{ path: file, content: configuration(site, all), origin: origin.file }],
      megabytes: 256,
      cpus: 1,
      grace: 30,
    },
  };
}
