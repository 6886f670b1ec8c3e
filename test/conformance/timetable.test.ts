/**
 * Our reading of cron expressions against Airflow's own timetable. What is recorded is asked again in one zone.
 * Further expressions come by chance, from a printed seed. `UPDATE_GOLDENS=1` records what is not known yet of the
 * expressions in crons.txt, in all zones; that takes seconds each, so it is written down after every few.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isRefused, readCron } from '../../compiler/resolve/cron/read.ts';
import { randomCron } from '../../compiler/test/crons/grammar.ts';
import {
  askAirflow,
  digestOf,
  type Recorded,
  readRecorded,
  together,
  writeRecorded,
  ZONES,
} from '../../compiler/test/crons/recorded.ts';
import { randomNumbers } from '../../compiler/test/faults/repository.ts';

const seed = Number(process.env['MLOPS_TEST_SEED'] ?? Date.now() % 1_000_000);
const chance = randomNumbers(seed);
const zone = ZONES[Math.floor(chance() * ZONES.length)] as string;
const RECORDED_ASKED = 24;
const MORE = 24;
const AT_ONCE = 8;

/** What Airflow and we make of it, where we differ; null where we agree, or refuse it with a reason of our own. */
function difference(text: string, digests: readonly string[] | null, zones: readonly string[]): string | null {
  const ours = readCron(text);
  if (isRefused(ours)) return null;
  if (digests === null) return `${JSON.stringify(text)} is refused by Airflow`;
  const other = zones.find((each, index) => digestOf(ours, each) !== digests[index]);
  return other === undefined ? null : `${JSON.stringify(text)} has other intervals in ${other}`;
}

function sampled(recorded: readonly Recorded[]): Recorded[] {
  return [...recorded]
    .map((each) => ({ each, at: chance() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, RECORDED_ASKED)
    .map(({ each }) => each);
}

if (process.env['UPDATE_GOLDENS'] === '1')
  test('what Airflow says of the expressions is recorded', () => {
    const recorded = readRecorded();
    const unknown = recorded.filter(({ isAccepted, digest }) => isAccepted && digest === null);
    for (let first = 0; first < unknown.length; first += AT_ONCE) {
      const asked = unknown.slice(first, first + AT_ONCE);
      const answers = askAirflow(asked.map(({ text }) => text));
      for (const [index, each] of asked.entries()) {
        const digests = answers[index] ?? null;
        Object.assign(each, { isAccepted: digests !== null, digest: digests && together(digests) });
      }
      writeRecorded(recorded);
    }
  });
else {
  test(`Airflow says of recorded expressions what is recorded (seed ${seed}, ${zone})`, () => {
    const asked = sampled(readRecorded());
    const answers = askAirflow(
      asked.map(({ text }) => text),
      [zone],
    );
    const changed = asked.filter(({ isAccepted }, index) => isAccepted !== (answers[index] !== null));
    assert.equal(
      changed.map(({ text }) => text),
      [],
    );
    assert.equal(
      asked.flatMap(({ text }, index) => difference(text, answers[index] ?? null, [zone]) ?? []),
      [],
    );
  });

  test(`further expressions have Airflow's intervals (seed ${seed}, ${zone})`, () => {
    const texts = Array.from({ length: MORE }, () => randomCron(chance));
    const answers = askAirflow(texts, [zone]);
    assert.equal(
      texts.flatMap((text, index) => difference(text, answers[index] ?? null, [zone]) ?? []),
      [],
    );
    assert.ok(answers.filter((answer) => answer !== null).length > MORE / 3, 'Airflow refused nearly all');
  });
}

test.run();
