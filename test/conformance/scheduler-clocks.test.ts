/**
 * Pipelines that write by their interval, as compiled, on the real Airflow's scheduler over both changes of the clocks:
 * each interval is where our timetable has it, no row is lost or written twice, and a repeated run replaces its own.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalog } from '../../compiler/catalog.ts';
import { analyse, emit } from '../../compiler/compile.ts';
import { printText } from '../../compiler/diagnostics/print-text.ts';
import { isRefused, readCron } from '../../compiler/resolve/cron/read.ts';
import { type Interval, intervals } from '../../compiler/resolve/cron/timetable.ts';
import { toMoment } from '../../compiler/resolve/cron/zone.ts';
import { asSources } from '../../compiler/test/sources.ts';
import { ROOT } from './compiled.ts';
import { askScheduler } from './scheduler.ts';

/** Days on which the clocks of 2025 change: forwards, back. */
const CHANGES = {
  'America/New_York': ['2025-03-09', '2025-11-02'],
  'Europe/Berlin': ['2025-03-30', '2025-10-26'],
} as const;
const ZONES = Object.keys(CHANGES) as (keyof typeof CHANGES)[];

/** How many days before the change the schedule starts, and how many runs are played. */
const SCHEDULES: Record<string, { cron: string; before: number; runs: number }> = {
  hourly: { cron: '0 * * * *', before: 0, runs: 8 },
  often: { cron: '*/45 * * * *', before: 0, runs: 12 },
  nightly: { cron: '0 3 * * *', before: 2, runs: 5 },
  inside: { cron: '30 2 * * *', before: 2, runs: 5 },
  workdays: { cron: '0 6 * * 1-5', before: 3, runs: 5 },
};
const MONTHLY = { cron: '0 0 1 * *', start: '2025-02-01', runs: 10 };
const DAY = 86_400_000;

interface Played {
  name: string;
  zone: string;
  cron: string;
  start: string;
  runs: number;
}

const played: Played[] = ZONES.flatMap((zone) => {
  const place = zone.slice(zone.indexOf('/') + 1).toLowerCase();
  const around = CHANGES[zone].flatMap((change, index) =>
    Object.entries(SCHEDULES).map(([kind, { cron, before, runs }]) => {
      const start = new Date(Date.parse(change) - before * DAY).toISOString().slice(0, 10);
      return { name: `${kind}_${place}_${['spring', 'autumn'][index]}`, zone, cron, start, runs };
    }),
  );
  return [...around, { name: `monthly_${place}`, zone, ...MONTHLY }];
});

/** A row for each quarter of an hour of the run's interval, marked by the round; none in an empty one. */
const CODE = `import json
from datetime import timedelta
from pathlib import Path

import pandas as pd


def write(context):
    said = json.loads((Path(__file__).resolve().parents[2] / "round.json").read_text())
    quarter = timedelta(minutes=15)
    times = pd.date_range(context.interval_start, context.interval_end, freq=quarter, inclusive="left")
    frame = pd.DataFrame({"at": times, "mark": said["mark"]}).astype({"mark": "int64"})
    return frame.iloc[:0] if said["empty"] else frame
`;

function writeRepository(root: string): void {
  const files = new Map([
    [
      'platform.yaml',
      `kind: Platform
format: 1
name: clocks
defaults: {owner: growth, retries: 0}
owners:
  growth: {email: growth@example.com}
environments:
  local: {runtime: process, stores: embedded}
`,
    ],
    ...played.flatMap(({ name, zone, cron, start }): [string, string][] => [
      [
        `pipelines/${name}/pipeline.yaml`,
        `kind: Pipeline
schedule: {cron: "${cron}", timezone: ${zone}}
start: ${start}
catchup: true
steps:
  write:
    run: write.py:write
    writes: {${name}: {at: timestamp, mark: int64}}
    mode: overwrite_partition
    partition: at
    timeout: 10m
`,
      ],
      [`pipelines/${name}/write.py`, CODE],
    ]),
  ]);
  const { ir, findings, texts } = analyse(asSources(files));
  if (!ir) throw new Error(printText(findings, { color: false, catalog, textOf: (file) => texts.get(file) }));
  const generated = emit(ir).map(({ path, content }): [string, string] => [`generated/${path}`, content]);
  for (const [path, text] of [...files, ...generated]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync(join(ROOT, 'runtime'), join(root, 'runtime'));
}

type Row = [minute: number, round: number];

interface Answer {
  intervals: [start: number, end: number][];
  /** What the table holds after the first time, and after a run was done again with rows, without, and with. */
  rounds: Row[][];
}

function expected({ cron: text, zone, start, runs }: Played): Interval[] {
  const cron = readCron(text);
  if (isRefused(cron)) throw new Error(`${text} is refused`);
  const from = toMoment(zone, Date.parse(`${start}T00:00:00Z`) / 60_000);
  const found: Interval[] = [];
  for (const each of intervals(cron, zone, from)) {
    if (found.length === runs) break;
    found.push(each);
  }
  return found;
}

/** In short, where thousands of rows would be printed. */
function difference(found: readonly Row[], wanted: readonly Row[]): string {
  if (JSON.stringify(found) === JSON.stringify(wanted)) return 'none';
  const [have, want] = [found, wanted].map((rows) => new Set(rows.map((row) => row.join(' ')))) as [
    Set<string>,
    Set<string>,
  ];
  const missing = [...want].filter((row) => !have.has(row));
  const more = [...have].filter((row) => !want.has(row));
  return `${found.length} rows, not ${wanted.length}; missing: ${missing.slice(0, 3)}; unwanted: ${more.slice(0, 3)}`;
}

const quarters = (start: number, end: number): number[] =>
  Array.from(
    { length: Math.max(0, Math.ceil((end - Math.ceil(start / 15) * 15) / 15)) },
    (_, index) => Math.ceil(start / 15) * 15 + 15 * index,
  );

test('over both changes of the clocks no row is lost or doubled, and a repeated run replaces exactly its own', () => {
  const root = mkdtempSync(join(tmpdir(), 'mlops-clocks-'));
  try {
    writeRepository(root);
    const answers = askScheduler('scheduler_clocks.py', join(root, 'generated/common/airflow/dags'), {
      root,
      limits: Object.fromEntries(played.map(({ name, runs }) => [name, runs])),
      again: Object.fromEntries(played.map(({ name, runs }) => [name, Math.floor(runs / 2)])),
    }) as Record<string, Answer>;
    for (const each of played) {
      const { intervals: found, rounds } = answers[each.name] as Answer;
      const wanted = expected(each);
      assert.equal(
        found,
        wanted.map(({ start, end }) => [start, end]),
        each.name,
      );
      const own = wanted[Math.floor(each.runs / 2)] as Interval;
      const all = quarters(wanted[0]?.start ?? 0, wanted.at(-1)?.end ?? 0);
      const isOwn = (minute: number) => minute >= own.start && minute < own.end;
      const after = (round: number, isEmpty: boolean): Row[] =>
        all.flatMap((minute): Row[] => (isOwn(minute) ? (isEmpty ? [] : [[minute, round]]) : [[minute, 0]]));
      const wantedRounds = [after(0, false), after(1, false), after(2, true), after(3, false)];
      const told = wantedRounds.map((rows, round) => difference(rounds[round] ?? [], rows));
      assert.equal(
        told,
        wantedRounds.map(() => 'none'),
        each.name,
      );
    }
    const runs = Object.values(answers).reduce((sum, { intervals }) => sum + intervals.length, 0);
    const rows = Object.values(answers).reduce((sum, { rounds }) => sum + (rounds[0]?.length ?? 0), 0);
    console.log(
      `figure: ${played.length} pipelines over changes of the clocks: ${runs} runs, ${rows} rows each once; ` +
        `${3 * played.length} repeated runs replaced exactly their own`,
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test.run();
