/** A deploy while Airflow is parsing the release before: it is done once the new one was parsed, not only named. */
import * as assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import { airflowOf } from '../../compiler/operate/pipelines/airflow.ts';
import { atRelease, switchTo } from '../../compiler/operate/releases.ts';
import { bring } from '../../compiler/release/bring.ts';
import { liveContext } from '../../compiler/release/context.ts';
import { makeRelease } from '../../compiler/release/make.ts';
import { live as airflow } from '../../compiler/tools/airflow/live.ts';
import { eventually } from '../../compiler/tools/live.ts';
import { checkout, moveToFreePorts, start, stopAndRemove } from './checkout.ts';

const workspace = checkout('local', ['airflow-db', 'airflow-api-server', 'airflow-dag-processor']);
const file = join(workspace.root, 'generated/common/airflow/dags/flights.py');
const [slow, parsing] = ['slow', 'parsing'].map((name) => join(workspace.state, name)) as [string, string];

/** Longer than Airflow waits until it looks for another release. */
const SLOW = `
import pathlib, time
if pathlib.Path('${slow}').exists():
    pathlib.Path('${parsing}').touch()
    time.sleep(15)
`;

function release(): string {
  const { id } = makeRelease(workspace);
  switchTo(workspace, id);
  return id;
}

const deploy = (id: string) =>
  bring(
    airflow,
    liveContext(atRelease(workspace, id), () => {}),
  );

const flights = async () => (await airflowOf(workspace).dags()).find(({ dag_id: id }) => id === 'flights');
const schedule = async () => (await flights())?.timetable_summary;
/** The release that Airflow tells of. */
const named = async () => (await flights())?.bundle_version;

test.before(async () => {
  for (const link of ['pipelines', 'models']) rmSync(join(workspace.root, link)); // no release takes one
  for (const name of readdirSync(dirname(file)).filter((each) => each !== 'flights.py'))
    rmSync(join(dirname(file), name));
  writeFileSync(file, `${readFileSync(file, 'utf8')}${SLOW}`);
  await moveToFreePorts(workspace);
  release();
  await start(workspace);
});

test.after(() => stopAndRemove(workspace));

test('what was being parsed at the switch does not count as the new release', async () => {
  await deploy(release());
  const before = await schedule();
  writeFileSync(slow, '');
  const dag = await flights();
  assert.ok(dag);
  await airflowOf(workspace).reparse(dag);
  assert.equal(await eventually(60, async () => (existsSync(parsing) ? null : 'nothing is parsed')), null);
  rmSync(slow);
  const text = readFileSync(file, 'utf8');
  const other = text.replace(/CronDataIntervalTimetable\("\d+ /, 'CronDataIntervalTimetable("47 ');
  assert.notEqual(other, text);
  writeFileSync(file, other);
  const id = release();
  assert.equal(await eventually(60, async () => ((await named()) === id ? null : 'it is not named')), null);
  await deploy(id);
  assert.match(String(await schedule()), /^47 /);
  assert.notEqual(await schedule(), before);
});

test.run();
