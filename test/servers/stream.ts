/**
 * The later weeks of the flights, streamed faster than real time into both stores, with everything killed once
 * meanwhile.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STREAMED_DAYS } from './harness.ts';
import { type Chapter, eventually, type Stage } from './stage.ts';

const DAY = 86_400_000;
const PAUSES = 4;
const BAD = 25;
const PAIRS = 10_000;

interface Parity {
  pairs: number;
  with_values: number;
  unlike_feast: string[];
  unlike_flights: string[];
}

interface Digest {
  online: string;
  offline: string;
  keys: number;
  views: Record<string, { rows: number; streamed: number }>;
}

export const chapter: Chapter = {
  title: 'The stream: Kafka into PostgreSQL and Redis',
  async run(stage) {
    const begin = new Date(Date.now() - STREAMED_DAYS * DAY);
    const end = new Date();
    // The last stretch is left for the faults.
    const at = (part: number) => new Date(begin.getTime() + ((end.getTime() - begin.getTime()) * part) / (PAUSES + 1));
    let pairs = 0;
    let records = 0;
    for (let pause = 1; pause <= PAUSES; pause += 1) {
      await stage.check(
        `at pause ${pause} of the stream, online values are those that Feast and the flights give for that moment`,
        async () => {
          // The batch publishes an hour once a later departure is known: the stream begins a little before it ended.
          const from = pause === 1 ? new Date(begin.getTime() - DAY) : at(pause - 1);
          records += await replay(stage, from, at(pause));
          await probe(stage, 'caught-up');
          pairs += await requireParity(stage, at(pause));
        },
      );
    }
    await stage.check(`parity holds over at least ${PAIRS.toLocaleString('en-US')} pairs of key and time`, async () => {
      stage.note(`${pairs.toLocaleString('en-US')} pairs, ${records.toLocaleString('en-US')} records`);
      if (pairs < PAIRS) throw new Error(`only ${pairs}`);
    });
    await stage.check('streaming everything again changes no value, neither online nor offline', () =>
      replayAll(stage, begin, at(PAUSES)),
    );
    await stage.check('records that cannot be used are in the dead-letter topic, each with its reason', () =>
      badRecords(stage),
    );
    await stage.check('consumers, Kafka, Redis and PostgreSQL are killed while data flows, and nothing is lost', () =>
      faults(stage, at(PAUSES), end),
    );
    await stage.check('the consumers tell what they did, and that nothing waits', () => metrics(stage));
    stage.prove(
      14,
      `${records.toLocaleString('en-US')} records from Kafka, parity over ${pairs.toLocaleString('en-US')} ` +
        'pairs of key and time',
    );
    await stage.check('the batch pipeline, run for the present, agrees with what was streamed', async () => {
      rmSync(join(stage.state, 'now'), { force: true });
      const before = await digest(stage);
      await stage.mlops('run', 'flights', '--env', 'staging', '--follow');
      const after = await digest(stage);
      for (const [view, { rows }] of Object.entries(before.views))
        if ((after.views[view]?.rows ?? 0) < rows)
          throw new Error(`${view} had ${rows} rows, and has ${after.views[view]?.rows}`);
    });
  },
};

async function probe<T>(stage: Stage, ...words: string[]): Promise<T> {
  return JSON.parse(await stage.python('test/servers/stream_probe.py', ...words)) as T;
}

const digest = (stage: Stage): Promise<Digest> => probe<Digest>(stage, 'digest');

/** How many records were sent. */
async function replay(stage: Stage, from: Date, to: Date, ...more: string[]): Promise<number> {
  const words = ['--from', from.toISOString(), '--to', to.toISOString(), ...more];
  const sent = JSON.parse(await stage.python('pipelines/flights/replay.py', ...words)) as Record<string, number>;
  return Object.values(sent).reduce((sum, count) => sum + count, 0);
}

async function requireParity(stage: Stage, moment: Date): Promise<number> {
  const views = Object.entries(await probe<Record<string, Parity>>(stage, 'parity', moment.toISOString()));
  for (const [view, { pairs, with_values, unlike_feast, unlike_flights }] of views) {
    stage.note(`${view}: ${pairs} keys, ${with_values} with fresh values`);
    const unlike = [
      ...unlike_feast.map((each) => `Feast: ${each}`),
      ...unlike_flights.map((each) => `flights: ${each}`),
    ];
    if (unlike.length > 0) throw new Error(`${view} at ${moment.toISOString()}\n${unlike.join('\n')}`);
    if (with_values === 0) throw new Error(`${view} has no value online`);
  }
  return views.reduce((sum, [, { pairs }]) => sum + pairs, 0);
}

async function replayAll(stage: Stage, from: Date, to: Date): Promise<void> {
  const before = await digest(stage);
  await replay(stage, from, to);
  await probe(stage, 'caught-up');
  const after = await digest(stage);
  stage.note(`${before.keys} keys online; ${JSON.stringify(before.views)}`);
  if (JSON.stringify(after) !== JSON.stringify(before))
    throw new Error(`${JSON.stringify(before)}\n${JSON.stringify(after)}`);
}

async function badRecords(stage: Stage): Promise<void> {
  const { sent } = await probe<{ sent: number }>(stage, 'bad', String(BAD));
  await probe(stage, 'caught-up');
  const { count, reasons } = await probe<{ count: number; reasons: Record<string, number> }>(stage, 'dead-letters');
  for (const [reason, times] of Object.entries(reasons)) stage.note(`${times} × ${reason}`);
  if (count !== sent) throw new Error(`${sent} were sent, ${count} are there`);
  if (Object.keys(reasons).length < 5) throw new Error('not every kind of slip has a reason of its own');
}

async function faults(stage: Stage, from: Date, to: Date): Promise<void> {
  const seconds = 36;
  const speed = String(Math.round((to.getTime() - from.getTime()) / 1000 / seconds));
  const flowing = replay(stage, from, to, '--speed', speed);
  for (const process of ['stream-plane_delays', 'redis', 'kafka', 'stream-carrier_delays', 'postgres']) {
    await sleep(6000);
    await stage.kill(process);
    stage.note(`${process} killed`);
  }
  stage.note(`${await flowing} records sent meanwhile`);
  await eventually(60, async () => void (await stage.mlops('status', '--env', 'staging')));
  await probe(stage, 'caught-up');
  await requireParity(stage, to);
  const { views } = await digest(stage);
  const expected = await probe<Record<string, number>>(stage, 'expected', to.toISOString());
  for (const [view, rows] of Object.entries(expected)) {
    stage.note(`${view}: ${rows} rows must be there, ${views[view]?.rows} are`);
    // Batch rows may have been recorded a little after `to`, never fewer.
    if ((views[view]?.rows ?? 0) < rows) throw new Error(`${view}: ${rows - (views[view]?.rows ?? 0)} rows were lost`);
  }
}

async function metrics(stage: Stage): Promise<void> {
  for (const view of ['carrier_delays', 'plane_delays'])
    await eventually(20, async () => {
      const text = await (await fetch(`${stage.address(`stream-${view}`)}/metrics`)).text();
      const lag = [...text.matchAll(/^mlops_stream_lag_records\{.*\} (\S+)$/gm)].map((match) => Number(match[1]));
      if (lag.length === 0 || lag.some((records) => records > 0))
        throw new Error(`${view}: lag ${lag.join(', ') || 'unknown'}`);
      if (!/^mlops_stream_records_total\{outcome="written",view="\w+"\} [1-9]/m.test(text))
        throw new Error(`${view}: nothing written`);
      const ready = await fetch(`${stage.address(`stream-${view}`)}/readyz`);
      if (!ready.ok) throw new Error(await ready.text());
    });
}
