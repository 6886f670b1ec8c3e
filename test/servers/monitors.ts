/**
 * Data that is well raises no alert; data that is broken on purpose raises the right one, at its owner's, and mending
 * it clears it.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Receiver } from './receiver.ts';
import { type Chapter, eventually, getJson, type Stage } from './stage.ts';

const MODEL = 'departure_delay';
const VIEW = 'carrier_delays';
/**
 * The monitor measures twice a minute, Prometheus scrapes and evaluates every 15 s, and an alert has to hold for one to
 * five minutes.
 */
const PATIENCE = 480;
const DAYS = 8;
const HOUR = 3_600_000;

export const chapter: Chapter = {
  title: 'Monitors: data, drift, performance, and whom they wake',
  async run(stage) {
    await toThePresent(stage);
    await stage.check(
      'the predictions of an untouched week are watched: drift, and performance with the labels that have come',
      () => watched(stage),
    );
    const receiver = await Receiver.open();
    try {
      await stage.check('an untouched month raises no alert', () => quiet(stage));
      await stage.check('missing values that come by the stream are told, and taken back when they are mended', () =>
        broken(stage, receiver, { alertname: 'FeatureMissing', view: VIEW, feature: 'mean_delay_6h' }, () =>
          probe(stage, 'stream', '1', 'null'),
        ),
      );
      await stage.check('a shifted feature is told as drift of the model that uses it, and taken back', () =>
        broken(stage, receiver, { alertname: 'InputDrift', model: MODEL, input: `${VIEW}__mean_delay_6h` }, () =>
          probe(stage, 'stream', String(DAYS), '300'),
        ),
      );
      await stage.check('a stream and a batch that have stopped are told, and so are labels that stay away', () =>
        stopped(stage, receiver),
      );
    } finally {
      receiver.close();
    }
  },
};

/** Where no stream has brought the data up to now, the batch does. */
async function toThePresent(stage: Stage): Promise<void> {
  const now = join(stage.state, 'now');
  if (!existsSync(now)) return;
  rmSync(now);
  await stage.mlops('run', 'flights', '--env', 'staging', '--follow');
}

const probe = (stage: Stage, ...words: string[]) => stage.python('test/servers/monitor_probe.py', ...words);

async function value(stage: Stage, expression: string): Promise<number> {
  const address = `${stage.address('prometheus')}/api/v1/query?query=${encodeURIComponent(expression)}`;
  const { data } = await getJson<{ data: { result: { value: [number, string] }[] } }>(address);
  const [first] = data.result;
  if (!first) throw new Error(`nothing answers to ${expression}`);
  return Number(first.value[1]);
}

async function watched(stage: Stage): Promise<void> {
  const { rows } = JSON.parse(await probe(stage, 'score', String(DAYS))) as { rows: number };
  await eventually(120, async () => {
    const [samples, labelled] = [
      await value(stage, `mlops_drift_samples{model="${MODEL}"}`),
      await value(stage, `mlops_model_performance_samples{model="${MODEL}"}`),
    ];
    if (samples < 1000 || labelled < 1000) throw new Error(`${samples} predictions, ${labelled} of them with labels`);
    const rmse = await value(stage, `mlops_model_performance{model="${MODEL}",metric="rmse"}`);
    const psi = await value(stage, `max(mlops_input_drift_psi{model="${MODEL}"})`);
    const predictions = await value(stage, `mlops_prediction_drift_psi{model="${MODEL}"}`);
    stage.note(
      `${rows} scored, ${samples} in the window, ${labelled} with labels: rmse ${rmse.toFixed(1)}, PSI of ` +
        `inputs at most ${psi.toFixed(2)}, of predictions ${predictions.toFixed(2)}`,
    );
  });
}

async function quiet(stage: Stage): Promise<void> {
  // Longer than any alert on what the monitor measures has to hold.
  for (
    const end = Date.now() + 330_000;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 15_000))
  ) {
    const query = encodeURIComponent('ALERTS{alertstate="firing"}');
    const address = `${stage.address('prometheus')}/api/v1/query?query=${query}`;
    const { data } = await getJson<{ data: { result: { metric: Record<string, string> }[] } }>(address);
    if (data.result.length > 0) throw new Error(data.result.map(({ metric }) => JSON.stringify(metric)).join('\n'));
  }
}

async function broken(
  stage: Stage,
  receiver: Receiver,
  alert: Record<string, string>,
  breakIt: () => Promise<unknown>,
): Promise<void> {
  await breakIt();
  await scoreWhatCame(stage);
  const told = await receiver.told(PATIENCE, 'firing', alert);
  stage.note(`${told.labels['severity']} for ${told.labels['owner']}: ${told.annotations['summary']}`);
  await probe(stage, 'mend', String(DAYS));
  await scoreWhatCame(stage);
  await receiver.told(PATIENCE, 'resolved', alert);
}

async function scoreWhatCame(stage: Stage): Promise<void> {
  await stage.python('test/servers/stream_probe.py', 'caught-up');
  await probe(stage, 'score', String(DAYS));
}

/**
 * The present moves on and nothing comes: first past the freshness of the views, then past the window of the labels.
 */
async function stopped(stage: Stage, receiver: Receiver): Promise<void> {
  const present = (milliseconds: number) =>
    writeFileSync(join(stage.state, 'now'), `${new Date(Date.now() + milliseconds).toISOString()}\n`);
  const stale = { alertname: 'ViewStale', view: VIEW };
  const late = { alertname: 'LabelsLate', model: MODEL };
  try {
    present(8 * 24 * HOUR);
    for (const alert of [stale, late]) {
      const told = await receiver.told(PATIENCE, 'firing', alert);
      stage.note(`${told.labels['severity']} for ${told.labels['owner']}: ${told.annotations['summary']}`);
    }
  } finally {
    rmSync(join(stage.state, 'now'), { force: true });
  }
  for (const alert of [stale, late]) await receiver.told(PATIENCE, 'resolved', alert);
}
