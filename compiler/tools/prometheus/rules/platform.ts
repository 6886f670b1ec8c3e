/** What no spec names: the platform's own health. It belongs to the first owner, who is asked when nobody else is. */
import { monitor } from '../../../ir/metrics.ts';
import type { Ir } from '../../../ir/types.ts';
import { type AlertRule, alertFile, firesAndNot, type RuleFile, selector } from '../../rule.ts';

type Health = Omit<AlertRule, 'owner'>;

export function platformFile({ platform }: Ir): RuleFile {
  const owner = platform.owners[0]?.name ?? '';
  const alerts = [targetDown, diskFills, memoryLow, monitorDown, monitorStuck].map((health) => ({ ...health, owner }));
  return { ...alertFile('platform', 'platform', platform.origin.file, alerts), testEveryMinutes: 5 };
}

const ticket = { severity: 'ticket', subject: {} } as const;

const targetDown: Health = {
  ...ticket,
  alert: 'TargetDown',
  expr: 'up{job!~"serving|stream|monitor"} == 0',
  forSeconds: 300,
  summary: 'A target cannot be scraped',
  description: 'The labels job and instance say which.',
  tests: firesAndNot(
    10,
    { name: 'a dead target fires', series: { 'up{job="node"}': '0x20' } },
    { name: 'a live target is quiet', series: { 'up{job="node"}': '1x20' } },
  ),
};

/** Without those that live in memory, or in another one. */
const FREE = 'node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs"}';
const SHOWN_FREE = selector('node_filesystem_avail_bytes', { fstype: 'ext4', mountpoint: '/' });
const SHOWN_SIZE = selector('node_filesystem_size_bytes', { fstype: 'ext4', mountpoint: '/' });

const diskFills: Health = {
  ...ticket,
  alert: 'HostDiskFills',
  expr: `${FREE} / node_filesystem_size_bytes < 0.2 and predict_linear(${FREE}[6h], 86400) < 0`,
  forSeconds: 1800,
  summary: 'A disk will be full within a day',
  description: 'Snapshots of tables, models and logs grow; the label mountpoint says where.',
  tests: firesAndNot(
    420,
    { name: 'a disk that fills fires', series: { [SHOWN_FREE]: '100-0.2x500', [SHOWN_SIZE]: '1000x500' } },
    { name: 'a disk with room is quiet', series: { [SHOWN_FREE]: '900x500', [SHOWN_SIZE]: '1000x500' } },
  ),
};

const AVAILABLE = 'node_memory_MemAvailable_bytes';
const TOTAL = 'node_memory_MemTotal_bytes';

const memoryLow: Health = {
  ...ticket,
  alert: 'HostMemoryLow',
  expr: `${AVAILABLE} / ${TOTAL} < 0.05`,
  forSeconds: 600,
  summary: 'Less than 5 % of the memory is available',
  description: 'The kernel will soon kill a process to reclaim some.',
  tests: firesAndNot(
    20,
    { name: 'little memory fires', series: { [AVAILABLE]: '1x30', [TOTAL]: '100x30' } },
    { name: 'enough memory is quiet', series: { [AVAILABLE]: '50x30', [TOTAL]: '100x30' } },
  ),
};

const MONITOR_UP = selector('up', { job: 'monitor' });

/** Without the monitor, all that it measures would be silent. */
const monitorDown: Health = {
  ...ticket,
  alert: 'MonitorDown',
  expr: `absent(${MONITOR_UP} == 1)`,
  forSeconds: 120,
  summary: 'The monitor does not answer',
  description: 'Meanwhile data quality, drift, performance and pipelines are not monitored.',
  tests: [
    { name: 'a dead monitor fires', series: { [MONITOR_UP]: '0x40' }, afterMinutes: 30, fires: true },
    { name: 'a monitor that is gone fires', series: {}, afterMinutes: 30, fires: true },
    { name: 'a living monitor is quiet', series: { [MONITOR_UP]: '1x40' }, afterMinutes: 30, fires: false },
  ],
};

const MEASURED = selector(monitor.lastSuccess.name, { monitor: 'views' });

const monitorStuck: Health = {
  ...ticket,
  alert: 'MonitorStuck',
  expr: `time() - ${monitor.lastSuccess.name} > 900`,
  forSeconds: 0,
  summary: 'The monitor {{ $labels.monitor }} has measured nothing for 15 minutes',
  description: '/readyz of the monitor says why.',
  tests: firesAndNot(
    30,
    { name: 'a monitor that measures nothing fires', series: { [MEASURED]: '0x40' } },
    { name: 'a monitor that measures is quiet', series: { [MEASURED]: '0+60x40' } },
  ),
};
