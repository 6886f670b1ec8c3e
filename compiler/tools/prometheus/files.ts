/** Which rules an IR asks for, a file a subject. */
import { serving, stream } from '../../ir/metrics.ts';
import type { FeatureView, Ir, Model, Pipeline } from '../../ir/types.ts';
import { modelWatch, monitorWatch, pipelineWatch, viewWatch, type Watched } from './monitored.ts';
import { burnAlerts, burnTests, recordings } from './objectives.ts';
import { type AlertRule, duration, number, over, type RuleFile, type RuleTest, selector } from './rule.ts';

export function ruleFiles(ir: Ir): RuleFile[] {
  const models = ir.models.filter(({ online }) => online !== null);
  const streamed = ir.featureViews.filter(({ stream: topic }) => topic !== null);
  return [
    ...models.map(modelFile),
    ...streamed.map(streamFile),
    ...ir.featureViews.map((view) =>
      watchFile(`view_${view.name}`, `view ${view.name}`, view.origin.file, viewWatch(view)),
    ),
    ...ir.models.map((model) =>
      watchFile(`monitor_${model.name}`, `monitor of ${model.name}`, model.origin.file, modelWatch(model)),
    ),
    ...ir.pipelines.map(pipelineFile),
    platformFile(ir),
    teamFile(ir),
  ].filter(({ groups }) => groups.length > 0);
}

function watchFile(name: string, title: string, origin: string, { alerts, tests }: Watched): RuleFile {
  return {
    name,
    origin,
    groups: alerts.length > 0 ? [{ name: `${title}: alerts`, rules: alerts }] : [],
    testEveryMinutes: 1,
    tests,
  };
}

function pipelineFile(pipeline: Pipeline): RuleFile {
  const { name, origin, schedule } = pipeline;
  const gap = schedule.kind === 'cron' ? schedule.longestSeconds : null;
  // A weekly schedule spans a fortnight of made-up minutes.
  return {
    ...watchFile(`pipeline_${name}`, `pipeline ${name}`, origin.file, pipelineWatch(pipeline, gap)),
    testEveryMinutes: 5,
  };
}

function modelFile(model: Model): RuleFile {
  const alerts = [...burnAlerts(model), ...serviceAlerts(model)];
  return {
    name: `model_${model.name}`,
    origin: model.origin.file,
    groups: [
      { name: `model ${model.name}: objectives`, rules: recordings(model) },
      { name: `model ${model.name}: alerts`, rules: alerts },
    ].filter(({ rules }) => rules.length > 0),
    testEveryMinutes: 5,
    tests: [...burnTests(model), ...serviceTests(model)],
  };
}

const READY = 300;

/** A model that was never ready has no champion yet, and is no incident. */
function serviceAlerts(model: Model): AlertRule[] {
  const subject = { model: model.name };
  const ready = selector(serving.ready.name, subject);
  return [
    {
      alert: 'ModelApiDown',
      // Not scraped, or not even running: both have the same cause for whoever calls it.
      expr: `up{job="serving",model=${JSON.stringify(model.name)}} == 0`,
      forSeconds: 60,
      severity: 'page',
      owner: model.owner,
      subject,
      summary: `${model.name}: the online API does not answer`,
      description: 'Prometheus has not reached its /metrics for a minute.',
    },
    {
      alert: 'ModelApiNotReady',
      expr: `${ready} == 0 and max_over_time(${over(serving.ready.name, subject, 86_400)}) == 1`,
      forSeconds: READY,
      severity: 'page',
      owner: model.owner,
      subject,
      summary: `${model.name}: the online API answers, and cannot predict`,
      description: '/readyz of the API says why: no champion can be loaded, or the feature store does not answer.',
    },
  ];
}

function serviceTests(model: Model): RuleTest[] {
  const [down, unready] = serviceAlerts(model) as [AlertRule, AlertRule];
  const up = selector('up', { job: 'serving', model: model.name });
  const ready = selector(serving.ready.name, { model: model.name });
  return [
    {
      name: `${model.name}: a dead API fires`,
      series: { [up]: '1x5 0x25' },
      afterMinutes: 21,
      alert: down,
      fires: true,
    },
    {
      name: `${model.name}: a living API is quiet`,
      series: { [up]: '1x30' },
      afterMinutes: 21,
      alert: down,
      fires: false,
    },
    {
      name: `${model.name}: losing the champion fires`,
      series: { [ready]: '1x5 0x40' },
      afterMinutes: 25,
      alert: unready,
      fires: true,
    },
    {
      name: `${model.name}: never having had one is quiet`,
      series: { [ready]: '0x40' },
      afterMinutes: 25,
      alert: unready,
      fires: false,
    },
  ];
}

function streamFile(view: FeatureView): RuleFile {
  const alerts = streamAlerts(view);
  return {
    name: `stream_${view.name}`,
    origin: view.origin.file,
    groups: [{ name: `stream of ${view.name}: alerts`, rules: alerts }],
    testEveryMinutes: 1,
    tests: streamTests(view, alerts),
  };
}

const STUCK = 300;

function streamAlerts({ name: view, owner, freshnessSeconds }: FeatureView): AlertRule[] {
  const subject = { view };
  const lag = `sum(${selector(stream.lag.name, subject)})`;
  const about = { owner, subject };
  const alerts: AlertRule[] = [
    {
      alert: 'StreamConsumerDown',
      expr: `up{job="stream",view=${JSON.stringify(view)}} == 0`,
      forSeconds: 60,
      severity: 'page',
      ...about,
      summary: `${view}: its stream consumer does not answer`,
      description: 'Prometheus has not reached its /metrics for a minute; events wait in the topic.',
    },
    {
      alert: 'StreamConsumerStuck',
      expr: `${lag} > 0 and sum(increase(${over(stream.records.name, subject, STUCK)})) == 0`,
      forSeconds: STUCK,
      severity: 'page',
      ...about,
      summary: `${view}: events wait, and none is written`,
      description: 'A store or the broker does not take part; /readyz of the consumer says which.',
    },
    {
      alert: 'StreamRecordsRejected',
      expr: `sum(increase(${over(stream.records.name, { ...subject, outcome: 'rejected' }, STUCK)})) > 0`,
      forSeconds: 0,
      severity: 'ticket',
      ...about,
      summary: `${view}: records go to the dead-letter topic`,
      description: 'The header mlops.reason of each says what is wrong with it.',
    },
  ];
  if (freshnessSeconds !== null)
    alerts.push({
      alert: 'StreamStale',
      expr: `time() - max(${selector(stream.newestEvent.name, subject)} > 0) > ${number(freshnessSeconds)}`,
      forSeconds: STUCK,
      severity: 'ticket',
      ...about,
      summary: `${view}: the newest event is older than ${duration(freshnessSeconds)}`,
      description: 'The view promises this freshness; its producer may have stopped.',
    });
  return alerts;
}

function streamTests({ name: view, freshnessSeconds }: FeatureView, alerts: AlertRule[]): RuleTest[] {
  const [down, stuck, rejected, stale] = alerts as [AlertRule, AlertRule, AlertRule, AlertRule | undefined];
  const up = selector('up', { job: 'stream', view });
  const lag = selector(stream.lag.name, { view, partition: '0' });
  const records = (outcome: string) => selector(stream.records.name, { view, outcome });
  const newest = selector(stream.newestEvent.name, { view });
  const tests: RuleTest[] = [
    { name: `${view}: a dead consumer fires`, series: { [up]: '0x10' }, afterMinutes: 5, alert: down, fires: true },
    {
      name: `${view}: a living consumer is quiet`,
      series: { [up]: '1x10' },
      afterMinutes: 5,
      alert: down,
      fires: false,
    },
    {
      name: `${view}: waiting events of which none is written fire`,
      series: { [lag]: '7x30', [records('written')]: '100x30' },
      afterMinutes: 20,
      alert: stuck,
      fires: true,
    },
    {
      name: `${view}: a busy consumer is quiet`,
      series: { [lag]: '7x30', [records('written')]: '0+10x30' },
      afterMinutes: 20,
      alert: stuck,
      fires: false,
    },
    {
      name: `${view}: a rejected record fires`,
      series: { [records('rejected')]: '0x5 1x20' },
      afterMinutes: 7,
      alert: rejected,
      fires: true,
    },
    {
      name: `${view}: no rejected record is quiet`,
      series: { [records('rejected')]: '3x20' },
      afterMinutes: 7,
      alert: rejected,
      fires: false,
    },
  ];
  if (stale && freshnessSeconds !== null) {
    const minutes = Math.ceil(freshnessSeconds / 60) + 20;
    tests.push(
      {
        name: `${view}: an old newest event fires`,
        series: { [newest]: `1x${minutes}` },
        afterMinutes: minutes,
        alert: stale,
        fires: true,
      },
      {
        name: `${view}: a new one is quiet`,
        series: { [newest]: `0+60x${minutes}` },
        afterMinutes: minutes,
        alert: stale,
        fires: false,
      },
    );
  }
  return tests;
}

/** What no spec names: the platform's own health. It belongs to the first owner, who is asked when nobody else is. */
function platformFile(ir: Ir): RuleFile {
  const { platform } = ir;
  const owner = platform.owners[0]?.name ?? '';
  const alert = (name: string, expr: string, forSeconds: number, summary: string, description: string): AlertRule => ({
    alert: name,
    expr,
    forSeconds,
    severity: 'ticket',
    owner,
    subject: {},
    summary,
    description,
  });
  const targetDown = alert(
    'TargetDown',
    'up{job!~"serving|stream|monitor"} == 0',
    300,
    'A target cannot be scraped',
    'The labels job and instance say which.',
  );
  const disk = alert(
    'HostDiskFills',
    'node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs"} / node_filesystem_size_bytes < 0.2 and predict_linear(node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs"}[6h], 86400) < 0',
    1800,
    'A disk will be full within a day',
    'Snapshots of tables, models and logs grow; the label mountpoint says where.',
  );
  const memory = alert(
    'HostMemoryLow',
    'node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.05',
    600,
    'Less than 5 % of the memory is available',
    'The kernel will soon end a process to get some back.',
  );
  const watched = monitorWatch(ir);
  const alerts = [targetDown, disk, memory, ...watched.alerts];
  return {
    name: 'platform',
    origin: platform.origin.file,
    groups: [{ name: 'platform: alerts', rules: alerts }],
    testEveryMinutes: 5,
    tests: [
      {
        name: 'a dead target fires',
        series: { 'up{job="node"}': '0x20' },
        afterMinutes: 10,
        alert: targetDown,
        fires: true,
      },
      {
        name: 'a living one is quiet',
        series: { 'up{job="node"}': '1x20' },
        afterMinutes: 10,
        alert: targetDown,
        fires: false,
      },
      {
        name: 'a disk that fills fires',
        series: {
          'node_filesystem_avail_bytes{fstype="ext4",mountpoint="/"}': '100-0.2x500',
          'node_filesystem_size_bytes{fstype="ext4",mountpoint="/"}': '1000x500',
        },
        afterMinutes: 420,
        alert: disk,
        fires: true,
      },
      {
        name: 'a disk with room is quiet',
        series: {
          'node_filesystem_avail_bytes{fstype="ext4",mountpoint="/"}': '900x500',
          'node_filesystem_size_bytes{fstype="ext4",mountpoint="/"}': '1000x500',
        },
        afterMinutes: 420,
        alert: disk,
        fires: false,
      },
      {
        name: 'little memory fires',
        series: { node_memory_MemAvailable_bytes: '1x30', node_memory_MemTotal_bytes: '100x30' },
        afterMinutes: 20,
        alert: memory,
        fires: true,
      },
      {
        name: 'enough memory is quiet',
        series: { node_memory_MemAvailable_bytes: '50x30', node_memory_MemTotal_bytes: '100x30' },
        afterMinutes: 20,
        alert: memory,
        fires: false,
      },
      ...watched.tests,
    ],
  };
}

/** What teams write themselves; promtool checks it, and its tests are the teams' own. */
function teamFile({ alerts }: Ir): RuleFile {
  const rules = alerts.map(
    ({ name, expr, forSeconds, severity, owner, summary, runbook }): AlertRule => ({
      alert: name,
      expr,
      forSeconds,
      severity,
      owner,
      subject: {},
      summary,
      description: '',
      runbook,
    }),
  );
  return {
    name: 'team',
    origin: null,
    groups: rules.length > 0 ? [{ name: 'team', rules }] : [],
    testEveryMinutes: 1,
    tests: [],
  };
}
