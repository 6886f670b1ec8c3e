import { hasServers } from '../../ir/look-up.ts';
import type { Site } from '../host.ts';
import { IMAGES } from '../images.ts';
import { program } from '../program.ts';
import type { Tool } from '../tool.ts';
import type { Workload } from '../workload.ts';

/** What Prometheus looks at the machine with. */
export const nodeExporter = {
  name: 'node-exporter',
  metrics: { job: 'node', families: [] },
  workloads: (site) => (hasServers(site.environment) ? [exporter(site)] : []),
  ports: { node_exporter: { title: 'the node exporter', usual: 9100 } },
  containers: () => ['node-exporter'],
  programs: {
    'node-exporter': {
      title: 'the node exporter',
      from: "Debian's prometheus-node-exporter",
      find: { names: ['prometheus-node-exporter', 'node_exporter'] },
    },
  },
  install: { packages: [{ name: 'prometheus-node-exporter', evidence: 'prometheus-node-exporter' }] },
} satisfies Tool;

function exporter({ host }: Site): Workload {
  const { host: interfaces, port } = host.listen('node_exporter');
  return {
    name: 'node-exporter',
    port: { part: 'node_exporter' },
    health: { http: '/' },
    metrics: { job: 'node' },
    program: { command: [program('node-exporter'), `--web.listen-address=${interfaces}:${port}`] },
    container: {
      image: IMAGES.nodeExporter.image,
      command: ['--path.rootfs=/host'],
      // The host's processes and file systems, read-only: that is what it is for.
      extras: { pid: 'host' },
      hardened: true,
      networks: ['monitoring'],
      probe: 'wget',
      mounts: [{ machine: '/', at: '/host', options: 'ro,rslave' }],
      megabytes: 128,
      cpus: 0.5,
    },
  };
}
