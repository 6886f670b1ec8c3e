import { monitor, serving } from '../../../ir/metrics.ts';
import type { Ir } from '../../../ir/types.ts';
import type { Page } from '../dashboard.ts';
import type { Row } from '../panels.ts';
import { all, figure, lines, RATE, rate, selector } from './words.ts';

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
      description: 'Parts that Prometheus cannot reach.',
      unit: 'short',
      limit: { value: 1 },
      queries: all('count(up == 0) or vector(0)', ''),
    }),
    figure({
      title: 'Alerts firing',
      description: 'Pages and tickets together.',
      unit: 'short',
      limit: { value: 1 },
      queries: all('count(ALERTS{alertstate="firing"}) or vector(0)', ''),
    }),
    figure({
      title: 'APIs ready',
      description: 'Online APIs that can predict.',
      unit: 'short',
      queries: all(`sum(${selector(serving.ready.name)})`, ''),
    }),
    figure({
      title: 'CPU',
      description: 'Share of all cores that is busy.',
      unit: 'percentunit',
      limit: { value: 0.9 },
      queries: all(`1 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m]))`, ''),
    }),
    figure({
      title: 'Memory available',
      description: 'Below a twentieth the kernel soon ends a process.',
      unit: 'percentunit',
      limit: { value: 0.05, isFloor: true },
      queries: all('node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes', ''),
    }),
    figure({
      title: 'Fullest disk, free',
      description: 'Of the host’s own file systems.',
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
      description: 'Cores that are busy, by what with.',
      unit: 'short',
      queries: all(`sum by (mode) (rate(node_cpu_seconds_total{mode!="idle"}${RATE}))`, '{{mode}}'),
    }),
    lines({
      title: 'Memory',
      description: 'Available to programs, and in all.',
      unit: 'bytes',
      min: 0,
      queries: [
        { expr: 'node_memory_MemAvailable_bytes', legend: 'available' },
        { expr: 'node_memory_MemTotal_bytes', legend: 'total' },
      ],
    }),
    lines({
      title: 'Disk, free',
      description: 'Share of each file system that is free.',
      unit: 'percentunit',
      min: 0,
      queries: all(FREE_DISK, '{{mountpoint}}'),
    }),
    lines({
      title: 'Targets',
      description: '1 where Prometheus reaches a part.',
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
      title: 'Since a monitor last measured',
      description: 'Beyond a quarter of an hour an alert says so.',
      unit: 's',
      limit: { value: 900 },
      queries: all(`time() - ${selector(monitor.lastSuccess.name)}`, '{{monitor}}'),
    }),
    lines({
      title: 'Monitors that failed',
      description: 'Runs a second that ended with an error.',
      unit: 'short',
      min: 0,
      queries: all(rate(monitor.failures.name, {}), '{{monitor}}'),
    }),
  ],
};
