import type { Site } from '../host.ts';
import { IMAGES } from '../images.ts';
import type { Tool } from '../tool.ts';
import type { Container, Workload } from '../workload.ts';
import { keySecret, writeKeys } from './callers.ts';
import { configuration } from './nginx.ts';
import { CERTIFICATES, seeFiles, TLS_PORT } from './tls.ts';

/** The reverse proxy, where models are served. */
export const proxy = {
  name: 'proxy',
  workloads: (site) => (site.environment.services.length > 0 ? [server(site)] : []),
  ports: { proxy: { title: 'the reverse proxy', usual: 8000, form: 'container' } },
  containers: () => ['proxy'],
} satisfies Tool;

function server(site: Site): Workload {
  const { name, origin, services, proxy } = site.environment;
  const file = `${name}/proxy/nginx.conf`;
  const apis = services.flatMap(({ model }) => [`serving-${model}`, `serving-${model}-trial`]);
  return {
    name: 'proxy',
    port: { part: 'proxy' },
    health: { http: '/healthz' },
    needs: Object.fromEntries(apis.map((api) => [api, 'healthy'])),
    container: {
      image: IMAGES.nginx.image,
      user: '101:101',
      hardened: true,
      networks: ['edge'],
      probe: 'wget',
      ...entrypoint(site),
      mounts: [
        { generated: file, at: '/etc/nginx/nginx.conf' },
        ...(proxy.tls ? [{ machine: proxy.tls.dir, at: CERTIFICATES, options: 'ro' }] : []),
      ],
      ...(proxy.keys.length > 0 ? { secrets: proxy.keys.map(keySecret) } : {}),
      scratch: ['/tmp'],
      // On every interface: the APIs are what this host is for.
      open: 'everywhere',
      ...(proxy.tls ? { openPort: { inside: TLS_PORT } } : {}),
      reads: [`generated/${file}`],
      files: (all) => [{ path: file, content: configuration(site, all), origin: origin.file }],
      megabytes: 256,
      cpus: 1,
      grace: 30,
    },
  };
}

/** What nginx cannot do itself, before it starts. */
function entrypoint({ environment: { proxy }, host }: Site): Pick<Container, 'entrypoint'> {
  const before = [...(proxy.tls ? [seeFiles] : []), ...writeKeys(proxy, host)];
  if (before.length === 0) return {};
  return { entrypoint: ['sh', '-euc', [...before, "exec nginx -g 'daemon off;'"].join('\n')] };
}
