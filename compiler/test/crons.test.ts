/** Cron expressions, held against what the real Airflow was recorded to say: `crons/recorded.ts`. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isRefused, readCron } from '../resolve/cron/read.ts';
import { digestOf, readRecorded, together, ZONES } from './crons/recorded.ts';

const recorded = readRecorded();

test('there are at least 400 expressions, a good part of them refused', () => {
  assert.ok(recorded.length >= 400);
  assert.ok(recorded.filter(({ isAccepted }) => !isAccepted).length >= 40);
});

test('what Airflow refuses is refused', () => {
  const taken = recorded.filter(({ text, isAccepted }) => !isAccepted && !isRefused(readCron(text)));
  assert.equal(
    taken.map(({ text }) => text),
    [],
  );
});

/** The reasons why we refuse what Airflow takes. */
const STRICTER = [
  /^it needs five fields: .*; Airflow would read [67] as/,
  /^Airflow reads the range '.*' as every/,
  /^the step of '.*' is longer than the \d+ values/,
  /stands for a value chosen by chance/,
];

test('what we refuse, Airflow refuses, or the message says why we are stricter', () => {
  const stricter = recorded.flatMap(({ text, isAccepted }) => {
    const ours = readCron(text);
    return isAccepted && isRefused(ours) ? [{ text, problem: ours.problem }] : [];
  });
  assert.equal(
    stricter.filter(({ problem }) => !STRICTER.some((reason) => reason.test(problem))),
    [],
  );
  assert.ok(stricter.length > 0 && stricter.length < recorded.length / 6, String(stricter.length));
});

test(`all intervals of two years in ${ZONES.length} time zones are those of Airflow's timetable`, () => {
  const compared = recorded.flatMap(({ text, digest }) => {
    const cron = readCron(text);
    return isRefused(cron) || digest === null ? [] : [{ text, digest, cron }];
  });
  assert.ok(compared.length >= 300, `only ${compared.length} have recorded intervals`);
  const different = compared.filter(
    ({ cron, digest }) => together(ZONES.map((zone) => digestOf(cron, zone))) !== digest,
  );
  assert.equal(
    different.map(({ text }) => text),
    [],
  );
  console.log(`${compared.length} expressions in ${ZONES.length} time zones: Airflow's intervals over two years`);
});

test.run();
