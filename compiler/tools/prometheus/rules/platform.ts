/** What no spec names: the platform's own health. It belongs to the first owner, who is asked when nobody else is. */
import { monitor } from '../../../ir/metrics.ts';
import type { Ir } from '../../../ir/types.ts';
import { alertFile, duration, firesAndNot, type RuleFile, selector } from '../../rule.ts';
import { MONITOR_STUCK } from '../../threshold.ts';
import {
  diskFills,
  diskFull,
  everWritable,
  fileSystemReadOnly,
  type Health,
  inodesFew,
  memoryLow,
  ticket,
} from './host.ts';

export function platformFile({ platform }: Ir): RuleFile {
  const owner = platform.owners[0]?.name ?? '';
  const ofHost = [diskFull, diskFills, inodesFew, fileSystemReadOnly, memoryLow];
  const alerts = [targetDown, ...ofHost, monitorDown, monitorStuck, drifted, notCompared, backupLate].map((health) => ({
    ...health,
    owner,
  }));
  const file = alertFile('platform', 'platform', platform.origin.file, alerts);
  return {
    ...file,
    groups: [{ name: 'platform: memory', rules: [everWritable] }, ...file.groups],
    testEveryMinutes: 5,
  };
}

const targetDown: Health = {
  ...ticket,
  alert: 'TargetDown',
  // Callers do not notice a version on trial that is gone, and so nobody else would.
  expr: `up{job!~"serving|stream|monitor"} == 0 or ${selector('up', { job: 'serving', role: 'trial' })} == 0`,
  forSeconds: 300,
  summary: 'The target {{ $labels.instance }} ({{ $labels.job }}) cannot be scraped',
  description: 'What it does or watches is unseen until it answers again.',
  tests: firesAndNot(
    10,
    { name: 'a dead target fires', series: { 'up{job="node"}': '0x20' } },
    { name: 'a live target is quiet', series: { 'up{job="node"}': '1x20' } },
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

/** Each monitor counts its failures from the start, and tells of its last success once there is one. */
const NEVER_MEASURED = `${monitor.failures.name} offset 15m unless on (monitor) ${monitor.lastSuccess.name}`;
const MEASURED = selector(monitor.lastSuccess.name, { monitor: 'views' });

const FAILED = selector(monitor.failures.name, { monitor: 'views' });

const monitorStuck: Health = {
  ...ticket,
  alert: 'MonitorStuck',
  expr: `time() - ${monitor.lastSuccess.name} > ${MONITOR_STUCK} or ${NEVER_MEASURED}`,
  forSeconds: 0,
  summary: 'The monitor {{ $labels.monitor }} has measured nothing for 15 minutes',
  description: '/readyz of the monitor says why.',
  tests: [
    ...firesAndNot(
      30,
      { name: 'a monitor that measures nothing fires', series: { [MEASURED]: '0x40' } },
      { name: 'a monitor that measures is quiet', series: { [MEASURED]: '0+60x40', [FAILED]: '0x40' } },
    ),
    { name: 'one that never measured anything fires', series: { [FAILED]: '0+1x40' }, afterMinutes: 30, fires: true },
  ],
};

const DIFFERING = selector(monitor.differing.name, { tool: 'kafka' });

/** Compared every five minutes: it differs for the third time. A deploy or a training is over by then. */
const drifted: Health = {
  ...ticket,
  alert: 'DeployedDrift',
  expr: `${monitor.differing.name} > 0`,
  forSeconds: 900,
  summary: '{{ $labels.tool }}: {{ $value }} objects are not as deployed',
  description: 'Somebody changed them by hand, or the tool lost them: `mlops drift` names each, with its fields.',
  tests: [
    ...firesAndNot(
      40,
      { name: 'a topic changed by hand fires', series: { [DIFFERING]: '0x5 1x60' } },
      { name: 'what is as deployed is quiet', series: { [DIFFERING]: '0x60' } },
    ),
    {
      name: 'what was half deployed for ten minutes is quiet',
      series: { [DIFFERING]: '0x10 4x10 0x40' },
      afterMinutes: 40,
      fires: false,
    },
  ],
};

/** Seconds. A deploy, during which nothing is compared, takes less. */
const COMPARED_WITHIN = 3600;
const COMPARED = selector(monitor.compared.name, { tool: 'kafka' });

const notCompared: Health = {
  ...ticket,
  alert: 'DeployedNotCompared',
  expr: `time() - ${monitor.compared.name} > ${COMPARED_WITHIN}`,
  forSeconds: 0,
  summary: `{{ $labels.tool }}: not compared with what was deployed for ${duration(COMPARED_WITHIN)}`,
  description: 'It does not answer the monitor, or a deploy was killed and waits to be resumed.',
  tests: firesAndNot(
    90,
    { name: 'a tool that cannot be compared fires', series: { [COMPARED]: '0x100' } },
    { name: 'a tool that is compared is quiet', series: { [COMPARED]: '0+60x100' } },
  ),
};

const LAST = selector(monitor.backupLast.name, { encrypted: 'true' });
const WITHIN = monitor.backupWithin.name;
const WANTED = `max(${WITHIN} > 0)`;

/** An hour is more than a backup takes that is begun when it is due. */
const backupLate: Health = {
  ...ticket,
  alert: 'BackupLate',
  expr:
    `time() - max(${monitor.backupLast.name}) > on () ${WANTED} ` +
    `or ${WANTED} unless on () ${monitor.backupLast.name}`,
  forSeconds: 3600,
  summary: 'The last good backup is older than it may be, or there is none',
  description: '`mlops backup list` says what there is: whatever should make one has stopped, or was never set up.',
  tests: [
    ...firesAndNot(
      240,
      { name: 'a backup that is too old fires', series: { [LAST]: '0x300', [WITHIN]: '3600x300' } },
      { name: 'a backup that is new enough is quiet', series: { [LAST]: '0+60x300', [WITHIN]: '3600x300' } },
    ),
    { name: 'none where one is wanted fires', series: { [WITHIN]: '3600x300' }, afterMinutes: 240, fires: true },
    {
      name: 'none, and an old one, where nobody wants any are quiet',
      series: { [LAST]: '0x300', [WITHIN]: '0x300' },
      afterMinutes: 240,
      fires: false,
    },
  ],
};
