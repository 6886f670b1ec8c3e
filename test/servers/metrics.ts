/** The online API and the stream as Prometheus sees them, and an alert on its way to a person and back. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { expressionsOf } from '../../compiler/tools/grafana/expressions.ts';
import { heldBackFlights } from '../../scripts/demo/held-back.ts';
import { Receiver } from './receiver.ts';
import { type Chapter, eventually, getJson, type Stage } from './stage.ts';

const MODEL = 'departure_delay';
const REQUESTS = 300;

interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

interface Rule {
  name: string;
  type: 'alerting' | 'recording';
  query: string;
  state?: string;
}

export const chapter: Chapter = {
  title: 'What Prometheus sees, and whom Alertmanager tells',
  async run(stage) {
    await stage.check(`${REQUESTS} predictions are counted by the API as they were sent, in Prometheus too`, () =>
      counted(stage),
    );
    await stage.check('every selector of every rule and every panel matches a series of the running services', () =>
      selectors(stage),
    );
    await stage.check('every expression of every panel gives a value', () => panels(stage));
    await stage.check('no alert fires on the untouched platform', () => eventually(400, () => quiet(stage)));
    await stage.check(
      'an API that stops answering pages its owner, and the page is taken back when it answers again',
      () => page(stage),
    );
  },
};

async function query(stage: Stage, expression: string): Promise<Sample[]> {
  const address = `${stage.address('prometheus')}/api/v1/query?query=${encodeURIComponent(expression)}`;
  return (await getJson<{ data: { result: Sample[] } }>(address)).data.result;
}

async function counted(stage: Stage): Promise<void> {
  const series = `sum(mlops_serving_requests_total{model="${MODEL}",status="200"})`;
  const count = async () => Number((await query(stage, series))[0]?.value[1] ?? 0);
  const [flight] = await heldBackFlights(openWorkspace(stage.root, stage.environment), MODEL, 1);
  const body = JSON.stringify({ instances: [flight?.instance] });
  await eventually(40, async () => void (await query(stage, `up{job="serving"} == 1`)));
  const own = async () =>
    Number(/^mlops_serving_requests_total\{.*status="200"\} (\S+)$/m.exec(await text(stage))?.[1] ?? 0);
  const before = await own();
  const api = `${stage.address(`serving-${MODEL}`)}/v1/models/${MODEL}:predict`;
  // One after the other: a crowd on a busy machine would rightly burn the latency objective.
  for (let sent = 0; sent < REQUESTS; sent += 1)
    await getJson(api, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  const after = await own();
  if (after - before !== REQUESTS) throw new Error(`${REQUESTS} were sent, and the API counted ${after - before}`);
  await eventually(40, async () => {
    const seen = await count();
    if (seen !== after) throw new Error(`the API has counted ${after}, Prometheus has ${seen}`);
  });
  stage.prove(9, `metrics: ${after} requests, counted by the API and by Prometheus alike`);
  stage.note(`${after} requests to ${MODEL}, counted by the API and by Prometheus alike`);
}

const text = async (stage: Stage): Promise<string> =>
  (await fetch(`${stage.address(`serving-${MODEL}`)}/metrics`)).text();

const rules = async (stage: Stage): Promise<Rule[]> =>
  (
    await getJson<{ data: { groups: { rules: Rule[] }[] } }>(`${stage.address('prometheus')}/api/v1/rules`)
  ).data.groups.flatMap((group) => group.rules);

/**
 * What exists only once something has gone wrong, once a week of predictions was seen (the chapter on monitors), or
 * once a backup was made: promtool proves these.
 */
const ONLY_AFTER_A_FAILURE = [
  /status=~"5\.\."/,
  /role="trial"/, // no version is on trial here: the scenarios and the proxy's suite have one
  /mlops_(input|prediction)_drift|mlops_model_performance\{|mlops_model_performance$/,
  /mlops_backup_last/,
];

async function selectors(stage: Stage): Promise<void> {
  const found = [
    ...(await rules(stage)).map(({ query: expression }) => expression),
    ...panelExpressions(stage),
  ].flatMap((expression) => [
    // Whole names: what a rule has recorded has the name of what it is made of in its middle.
    ...expression.matchAll(/(?<![\w:])(?:mlops_|node_|up\b|\w+:\w)[\w:]*(?:\{[^}]*\})?/g),
  ]);
  const wanted = [...new Set(found.map(([selector]) => selector))].filter(
    (one) => !ONLY_AFTER_A_FAILURE.some((known) => known.test(one)),
  );
  if (wanted.length < 10) throw new Error(`only ${wanted.length} selectors were found in the rules`);
  await eventually(90, async () => {
    const missing: string[] = [];
    for (const selector of wanted) if ((await query(stage, selector)).length === 0) missing.push(selector);
    if (missing.length > 0) throw new Error(`nothing answers to ${missing.join(', ')}`);
  });
  stage.note(`${wanted.length} selectors`);
}

function panelExpressions(stage: Stage): string[] {
  const folder = join(stage.root, 'generated/common/grafana/dashboards');
  return readdirSync(folder).flatMap((name) => expressionsOf(readFileSync(join(folder, name), 'utf8')));
}

/** What has nothing to show on a platform that is well, or before the monitor has seen a week. */
const MAY_BE_EMPTY = [
  /changes\(mlops_deployment/,
  /mlops_stream_newest_event/,
  /mlops_(input|prediction)_drift|mlops_model_performance\{/,
];

async function panels(stage: Stage): Promise<void> {
  const expressions = [...new Set(panelExpressions(stage))];
  await eventually(120, async () => {
    const empty: string[] = [];
    for (const each of expressions)
      if ((await query(stage, each)).length === 0 && !MAY_BE_EMPTY.some((known) => known.test(each))) empty.push(each);
    if (empty.length > 0) throw new Error(`nothing answers to\n${empty.join('\n')}`);
  });
  stage.note(`${expressions.length} expressions`);
}

async function quiet(stage: Stage): Promise<void> {
  const firing = await query(stage, 'ALERTS{alertstate="firing"}');
  if (firing.length > 0) throw new Error(firing.map(({ metric }) => JSON.stringify(metric)).join('\n'));
}

async function page(stage: Stage): Promise<void> {
  const workspace = openWorkspace(stage.root, stage.environment);
  const id = readRecord(workspace)?.units.find(({ name }) => name === `serving-${MODEL}`)?.process;
  if (!id) throw new Error('the API is not running');
  const receiver = await Receiver.open();
  const down = { alertname: 'ModelApiDown', model: MODEL };
  try {
    process.kill(-id.pid, 'SIGSTOP');
    const alert = await receiver.told(180, 'firing', down);
    process.kill(-id.pid, 'SIGCONT');
    await receiver.told(180, 'resolved', down);
    if (!alert.annotations['runbook']?.includes('#modelapidown'))
      throw new Error(`no runbook in ${JSON.stringify(alert)}`);
    stage.note(`${alert.labels['severity']} for ${alert.labels['owner']}: ${alert.annotations['summary']}`);
  } finally {
    process.kill(-id.pid, 'SIGCONT');
    receiver.close();
  }
}
