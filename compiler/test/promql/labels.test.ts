/** Labels and their values in teams' expressions and templates, as the metrics of the platform flights have them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { analyse } from '../../compile.ts';
import { labels as LABELS, monitor, serving, stream } from '../../ir/metrics.ts';
import { filesOf, fixtureIr, fixtureSources } from '../fixture.ts';

/** Codes of what is found in each of these alerts; they stand in one spec, on a line each. */
function codesOf(alerts: { expr: string; summary?: string; runbook?: string }[]): string[][] {
  const named = alerts.map((alert, index) => [
    `a${index}`,
    { summary: 'it is so', runbook: 'https://wiki.example.com', ...alert },
  ]);
  const text = stringify({ kind: 'Monitoring', alerts: Object.fromEntries(named) }, { lineWidth: 0 });
  const { findings } = analyse(fixtureSources({ 'monitoring/tried.yaml': text }));
  const lines = text.split('\n');
  const found = alerts.map((): string[] => []);
  for (const { code, at } of findings) {
    assert.is(at.file, 'monitoring/tried.yaml', code);
    const above = lines.slice(0, at.line).findLast((line) => /^ {2}a\d+:/.test(line));
    found[Number(/\d+/.exec(above ?? '')?.[0])]?.push(code);
  }
  return found;
}

function expected(code: string | null, expressions: string[]): void {
  const found = codesOf(expressions.map((expr) => ({ expr })));
  assert.equal(
    expressions.filter((_, index) => found[index]?.join() !== (code ?? '')).map((expr) => expr),
    [],
    `expected ${code ?? 'nothing'}`,
  );
}

const SOUND = [
  'mlops_view_age_seconds{view="fleet_history"} > 1',
  'mlops_view_age_seconds{view=~".*_delays"} > 1',
  'mlops_view_age_seconds{view!="fleet_history"} > 1',
  'mlops_view_age_seconds{job="monitor"} > 1',
  'up{job="serving",model="departure_delay"} == 0',
  'up{job="node"} == 0',
  'up{job=~"prometheus|alertmanager"} == 0',
  'up{job="serving",role="trial"} == 0',
  'up{job="service-feedback"} == 0',
  'rate(mlops_serving_requests_total{status=~"5.."}[5m]) > 1',
  'rate(mlops_serving_requests_total{status="429"}[5m]) > 1',
  'rate(mlops_stream_records_total{outcome="rejected"}[5m]) > 1',
  'rate(mlops_stream_store_errors_total{store=~"on.*"}[5m]) > 1',
  'mlops_stream_lag_records{partition="3"} > 1',
  'mlops_pipeline_last_run{result!="success"} > 0',
  'mlops_pipeline_last_run{pipeline="flights"} > 0',
  'mlops_model_performance{metric="rmse"} > 1',
  'mlops_input_drift_psi{input="distance"} > 1',
  'rate(mlops_monitor_failures_total{monitor="views"}[1h]) > 1',
  'sum by (view) (mlops_stream_lag_records) > 1',
  'sum without (partition) (mlops_stream_lag_records) > 1',
  'sum by (view) (max by (view, partition) (mlops_stream_lag_records)) > 1',
  'mlops_feature_missing_ratio * on (view) group_left (job) mlops_view_age_seconds > 1',
  'sum by (kind) (label_replace(mlops_view_rows, "kind", "x", "view", ".*")) > 1',
  'sum by (bucket) (count_values by (view) ("bucket", mlops_view_rows)) > 1',
  'node_load1{nonsense="x"} > 1 and on (instance) up == 1',
  'sum by (nonsense) (node_load1) > 1',
];

test('labels and values that metrics have are accepted', () => expected(null, SOUND));

const WRONG_LABELS = [
  'mlops_view_age_seconds{veiw="fleet_history"} > 1',
  'mlops_view_age_seconds{environment="prod"} > 1',
  'mlops_view_age_seconds{topic="x"} > 1',
  'up{modell="departure_delay"} == 0',
  'sum by (modell) (rate(mlops_serving_requests_total[5m])) > 1',
  'sum without (modell) (rate(mlops_serving_requests_total[5m])) > 1',
  'sum by (partition) (sum by (view) (mlops_stream_lag_records)) > 1',
  'sum by (le) (sum by (view) (mlops_stream_lag_records)) > 1',
  'mlops_view_rows / on (vew) mlops_view_age_seconds > 1',
  'sum by (view) (mlops_view_rows) / on (view) sum(mlops_view_age_seconds) > 1',
  'mlops_view_rows / on (view) group_left (feature) mlops_view_age_seconds > 1',
  'mlops_serving_ready and on (view) mlops_view_rows > 1',
  'max by (step) (mlops_pipeline_last_run_duration_seconds) > 1',
];

test('labels that a metric does not have, or that are lost on the way, are found', () =>
  expected('OBS013', WRONG_LABELS));

const WRONG_VALUES = [
  'mlops_view_age_seconds{view="fleet_histroy"} > 1',
  'mlops_view_age_seconds{view=~"harbour_.*"} > 1',
  'mlops_view_age_seconds{view!="fleet_histroy"} > 1',
  'mlops_view_age_seconds{job="monitors"} > 1',
  'mlops_feature_missing_ratio{feature="temprature"} > 1',
  'up{job="servng"} == 0',
  'up{job="serving",model="departure_dealy"} == 0',
  'up{job="serving",role="champoin"} == 0',
  'up{job="service-feedbak"} == 0',
  'rate(mlops_serving_requests_total{status=~"5."}[5m]) > 1',
  'rate(mlops_serving_requests_total{status="5xx"}[5m]) > 1',
  'rate(mlops_serving_requests_total{model="cancellation"}[5m]) > 1',
  'rate(mlops_stream_records_total{outcome="reject"}[5m]) > 1',
  'rate(mlops_stream_store_errors_total{store="redis"}[5m]) > 1',
  'mlops_stream_lag_records{view="fleet_history"} > 1',
  'mlops_stream_lag_records{partition="zero"} > 1',
  'mlops_pipeline_last_run{result="failure"} > 0',
  'mlops_pipeline_last_run{pipeline="flight"} > 0',
  'mlops_model_performance{metric="rsme"} > 1',
  'mlops_input_drift_psi{input="fleet_history.age"} > 1',
  'rate(mlops_monitor_failures_total{monitor="view"}[1h]) > 1',
];

test('values that nothing has are found, whatever knows them', () => expected('OBS014', WRONG_VALUES));

test('a summary and a runbook name labels that the expression has', () => {
  const expr = 'mlops_stream_lag_records > 1';
  const sound = ['{{ $labels.view }}', '{{ .Labels.partition }}', '{{ index $labels "view" }}', '{{ $value }}'];
  const wrong = [
    '{{ $labels.veiw }}',
    '{{ .Labels.model }}',
    '{{ index $labels "veiw" }}',
    '{{if true}}{{$labels.x}}{{end}}',
  ];
  const alerts = (texts: string[]) => [
    ...texts.map((summary) => ({ expr, summary })),
    // An address has no spaces, and a call needs them.
    ...texts
      .filter((text) => !/index|if/.test(text))
      .map((text) => ({ expr, runbook: `https://wiki.example.com/?of=${text.replaceAll(' ', '')}` })),
  ];
  for (const each of codesOf(alerts(sound))) assert.equal(each, []);
  for (const each of codesOf(alerts(wrong))) assert.equal(each, ['OBS004']);
  const lost = ['sum(x) > 1', 'absent(mlops_view_rows)', 'sum by (view) (mlops_stream_lag_records) > 1'];
  for (const [code] of codesOf(
    lost.map((each) => ({ expr: each.replace('x', 'node_load1'), summary: '{{ $labels.job }}' })),
  ))
    assert.is(code, 'OBS004');
  assert.equal(codesOf([{ expr: 'absent(mlops_view_rows{view="fleet_history"})', summary: '{{ $labels.view }}' }]), [
    [],
  ]);
});

test('a template that Prometheus refuses is found in a runbook, too', () =>
  assert.equal(codesOf([{ expr: 'up == 0', runbook: 'https://wiki.example.com/{{label}}' }]), [['OBS012']]));

test('of each label of each metric it is said what it can be', () => {
  for (const family of [serving, stream, monitor].flatMap((each) => Object.values(each)))
    for (const label of family.labels)
      assert.ok(Object.hasOwn(LABELS, label), `metrics.json says nothing of '${label}'`);
});

test('the jobs that Prometheus scrapes are those that expressions may name', () => {
  const configured = [...filesOf(fixtureIr())].filter(([path]) => path.endsWith('/prometheus.yml'));
  const jobs = new Set(
    configured.flatMap(([, text]) => [...text.matchAll(/job_name: (\S+)/g)].map(([, job]) => job ?? '')),
  );
  assert.ok(jobs.size >= 7);
  expected(
    null,
    [...jobs].map((job) => `up{job="${job}"} == 0`),
  );
});

console.log(
  `figure: labels and values in ${SOUND.length + WRONG_LABELS.length + WRONG_VALUES.length} expressions, ` +
    `${WRONG_LABELS.length + WRONG_VALUES.length} of them wrong: each found, nothing else`,
);
test.run();
