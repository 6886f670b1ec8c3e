import { monitor, serving } from '../../../ir/metrics.ts';
import type { Ir } from '../../../ir/types.ts';
import { all, figure, lines, type Page, RATE, type Row, rate, selector } from '../../page.ts';

export function platformPage({ platform, models }: Ir): Page {
  return {
    kind: 'platform',
    name: null,
    title: `Platform ${platform.name}`,
    description: platform.description,
    origin: platform.origin.file,
    links: [
      { title: 'Pipelines', kind: 'pipelines', name: null },
      { title: 'Features', kind: 'features', name: null },
      ...models.map(({ name }) => ({ title: `Model ${name}`, kind: 'model' as const, name })),
    ],
    rows: [now, host, monitors],
  };
}

const FREE_DISK = 'node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs"} / node_filesystem_size_bytes';

const now: Row = {
  title: 'Now',
  panels: [
    figure({
      title: 'Targets down',
      description: 'Targets that Prometheus cannot scrape.',
      unit: 'short',
      limit: { value: 1 },
      queries: all('count(up == 0) or vector(0)', ''),
    }),
    figure({
      title: 'Alerts firing',
      description: 'Pages and tickets.',
      unit: 'short',
      limit: { value: 1 },
      queries: all('count(ALERTS{alertstate="firing"}) or vector(0)', ''),
    }),
    figure({
      title: 'APIs ready',
      description: 'Online APIs that are ready to predict.',
      unit: 'short',
      queries: all(
        `count(max by (model) (${selector(serving.ready.name, { role: { not: 'trial' } })}) == 1) or vector(0)`,
        '',
      ),
    }),
    figure({
      title: 'CPU',
      description: 'Busy share of all cores.',
      unit: 'percentunit',
      limit: { value: 0.9 },
      queries: all(`1 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m]))`, ''),
    }),
    figure({
      title: 'Memory available',
      description: 'Below 5 % the kernel may soon kill a process.',
      unit: 'percentunit',
      limit: { value: 0.05, isFloor: true },
      queries: all('node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes', ''),
    }),
    figure({
      title: 'Free on the fullest disk',
      description: 'Free share of the fullest of the host’s own file systems.',
      unit: 'percentunit',
      limit: { value: 0.2, isFloor: true },
      queries: all(`min(${FREE_DISK})`, ''),
    }),
  ],
};

const host: Row = {
  title: 'Host',
  panels: [
    lines({
      title: 'CPU by mode',
      description: 'Busy cores, by what keeps them busy.',
      unit: 'short',
      queries: all(`sum by (mode) (rate(node_cpu_seconds_total{mode!="idle"}${RATE}))`, '{{mode}}'),
    }),
    lines({
      title: 'Memory',
      description: 'Available to programs, and total.',
      unit: 'bytes',
      min: 0,
      queries: [
        { expr: 'node_memory_MemAvailable_bytes', legend: 'available' },
        { expr: 'node_memory_MemTotal_bytes', legend: 'total' },
      ],
    }),
    lines({
      title: 'Free disk space',
      description: 'Free share of each file system.',
      unit: 'percentunit',
      min: 0,
      queries: all(FREE_DISK, '{{mountpoint}}'),
    }),
    lines({
      title: 'Targets',
      description: '1 while Prometheus can scrape all targets of the job.',
      unit: 'short',
      min: 0,
      queries: all('min by (job) (up)', '{{job}}'),
    }),
  ],
};

const monitors: Row = {
  title: 'Monitor',
  panels: [
    lines({
      title: 'Time since each monitor last measured',
      description: 'An alert fires after 15 minutes.',
      unit: 's',
      limit: { value: 900 },
      queries: all(`time() - ${selector(monitor.lastSuccess.name)}`, '{{monitor}}'),
    }),
    lines({
      title: 'Failed measurements',
      description: 'Failed runs per second.',
      unit: 'short',
      min: 0,
      queries: all(rate(monitor.failures.name, {}), '{{monitor}}'),
    }),
  ],
};
