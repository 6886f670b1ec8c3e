import { promqlDuration } from '../../render/promql.ts';
import type { Site } from '../host.ts';
import { IMAGES } from '../images.ts';
import { program } from '../program.ts';
import type { Running, Workload } from '../workload.ts';
import { configuration } from './scrape.ts';

export function server(site: Site): Workload {
  const { environment, host } = site;
  const { name } = environment;
  const { host: interfaces, port } = host.listen('prometheus');
  const configured = `generated/${name}/prometheus`;
  const files = (all: readonly Running[]) => [configuration(site, all)];
  const flags = (folder: string, data: string): string[] => [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${data}`,
    `--storage.tsdb.retention.time=${promqlDuration(environment.metricsRetentionSeconds)}`,
  ];
  // A new configuration is taken over without a gap: POST /-/reload, as `mlops deploy` does.
  const lifecycle = '--web.enable-lifecycle';
  // Rules come and go with the specs of views: looked at every 30 seconds, they need no label of the container.
  const rereading = '--enable-feature=auto-reload-config';
  const folder = `/etc/mlops/${name}/prometheus`;
  return {
    name: 'prometheus',
    port: { part: 'prometheus' },
    health: { http: '/-/ready' },
    metrics: { job: 'prometheus' },
    reloads: true,
    serverData: { folder: 'prometheus' },
    program: {
      command: [
        program('prometheus'),
        ...flags(`${host.root}/generated/${name}/prometheus`, host.state('prometheus')),
        ...[`--web.listen-address=${interfaces}:${port}`, lifecycle],
      ],
      reads: [configured, 'generated/common/prometheus/rules'],
      files,
    },
    container: {
      image: IMAGES.prometheus.image,
      command: [...flags(folder, '/prometheus'), '--storage.tsdb.retention.size=20GB', lifecycle, rereading],
      hardened: true,
      networks: ['monitoring'],
      probe: 'wget',
      // The configuration names its rules relative to itself.
      mounts: [
        { generated: `${name}/prometheus`, at: folder },
        { generated: 'common/prometheus/rules', at: '/etc/mlops/common/prometheus/rules' },
        { volume: 'prometheus', at: '/prometheus' },
      ],
      open: 'loopback',
      reads: [configured],
      files,
      megabytes: 2048,
      cpus: 1,
      grace: 60,
    },
  };
}
