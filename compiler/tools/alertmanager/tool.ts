import { hasServers } from '../../ir/look-up.ts';
import type { Site } from '../host.ts';
import { IMAGES } from '../images.ts';
import { program } from '../program.ts';
import type { Tool } from '../tool.ts';
import type { Workload } from '../workload.ts';
import { live } from './live.ts';
import { configuration } from './routes.ts';

export const alertmanager = {
  name: 'alertmanager',
  metrics: { job: 'alertmanager', families: [] },
  workloads: (site) => (hasServers(site.environment) ? [server(site)] : []),
  live,
  ports: { alertmanager: { title: 'Alertmanager', usual: 9093 } },
  containers: () => ['alertmanager'],
  volumes: ['alertmanager'],
  programs: {
    alertmanager: {
      title: 'Alertmanager',
      from: "Debian's prometheus-alertmanager",
      find: { names: ['prometheus-alertmanager', 'alertmanager'] },
    },
  },
  // It does not start without a template file that only its package has.
  install: { packages: [{ name: 'prometheus-alertmanager', evidence: 'prometheus-alertmanager' }] },
} satisfies Tool;

function server(site: Site): Workload {
  const { environment, host } = site;
  const { slack, smtp } = environment.alerting;
  const folder = `${environment.name}/alertmanager`;
  const { host: interfaces, port } = host.listen('alertmanager');
  const read = { reads: [`generated/${folder}`], files: () => [configuration(site)] };
  // One instance has no peers to gossip with.
  const alone = '--cluster.listen-address=';
  return {
    name: 'alertmanager',
    port: { part: 'alertmanager' },
    health: { http: '/-/ready' },
    metrics: { job: 'alertmanager' },
    reloads: true,
    serverData: { folder: 'alertmanager' },
    program: {
      command: [
        program('alertmanager'),
        `--config.file=${host.root}/generated/${folder}/alertmanager.yml`,
        `--storage.path=${host.state('alertmanager')}`,
        ...[`--web.listen-address=${interfaces}:${port}`, alone],
      ],
      ...read,
    },
    container: {
      image: IMAGES.alertmanager.image,
      command: ['--config.file=/etc/alertmanager/alertmanager.yml', '--storage.path=/alertmanager', alone],
      hardened: true,
      networks: ['monitoring'],
      probe: 'wget',
      mounts: [
        { generated: folder, at: '/etc/alertmanager' },
        { volume: 'alertmanager', at: '/alertmanager' },
      ],
      providedSecrets: [slack?.secret, smtp?.passwordSecret].filter((name) => typeof name === 'string'),
      open: 'loopback',
      ...read,
      megabytes: 256,
      cpus: 0.5,
    },
  };
}
