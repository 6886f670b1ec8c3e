/** How a training ends on the real Airflow: refused, without data, failed. Its steps are stood in for by exit codes. */
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { askPython } from '../../compiler/test/python-batch.ts';
import { compiled } from './compiled.ts';

const STAND_IN = `#!/bin/sh
for given in $STEP_EXITS; do
  if [ "\${given%=*}" = "$5" ]; then echo "The step $5 says why." >&2; exit "\${given#*=}"; fi
done
echo '{}'
`;

const runAll = `
import os
from airflow.utils import db

db.initdb()

from airflow.dag_processing.dagbag import DagBag
from airflow.models.asset import AssetEvent
from airflow.models.taskinstance import TaskInstance
from airflow.utils.session import create_session

dag = DagBag(dag_folder=questions["dags"]).dags[questions["dag"]]
answers = []
for exits in questions["exits"]:
    os.environ["STEP_EXITS"] = exits
    run = dag.test()
    with create_session() as session:
        found = session.query(TaskInstance).filter_by(dag_id=run.dag_id, run_id=run.run_id).all()
        events = session.query(AssetEvent).filter_by(source_run_id=run.run_id).count()
    answers.append(
        {
            "state": str(run.state),
            "tasks": {each.task_id: str(each.state) for each in found},
            "tried": sorted(each.task_id for each in found if each.try_number > 0),
            "events": events,
        }
    )
`;

const STEPS = ['pull_features', 'train', 'evaluate', 'gate', 'register'];
const states = (...each: string[]) => Object.fromEntries(STEPS.map((step, index) => [step, each[index]]));

test('a candidate that is refused, and a training without data, leave a green run that starts nothing', () => {
  const home = mkdtempSync(join(tmpdir(), 'mlops-training-'));
  try {
    const [dags, python] = [join(home, 'dags'), join(home, 'python')];
    cpSync(join(compiled, 'common/airflow/dags'), dags, { recursive: true });
    writeFileSync(python, STAND_IN);
    chmodSync(python, 0o755);
    const exits = ['', 'register=99', 'pull_features=99', 'train=1'];
    const found = askPython(
      runAll,
      { dags, dag: 'train_departure_delay', exits },
      {
        AIRFLOW_HOME: home,
        AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
        AIRFLOW__CORE__DAGS_FOLDER: dags,
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${home}/airflow.db`,
        MLOPS_PYTHON: python,
      },
    );
    const ok = 'success';
    assert.equal(found, [
      { state: 'success', tasks: states(ok, ok, ok, ok, ok), tried: [...STEPS].sort(), events: 1 },
      { state: 'success', tasks: states(ok, ok, ok, ok, 'skipped'), tried: [...STEPS].sort(), events: 0 },
      {
        state: 'success',
        tasks: states('skipped', 'skipped', 'skipped', 'skipped', 'skipped'),
        tried: ['pull_features'],
        events: 0,
      },
      {
        state: 'failed',
        tasks: states(ok, 'failed', 'upstream_failed', 'upstream_failed', 'upstream_failed'),
        tried: ['pull_features', 'train'],
        events: 0,
      },
    ]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test.run();
