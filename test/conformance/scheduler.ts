/** The real Airflow's scheduler, played by Python beside this file. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testPython } from '../../compiler/test/python-batch.ts';
import { ROOT } from './compiled.ts';

/** Runs a script beside this file with an Airflow of its own, over the DAG files of a folder. */
export function askScheduler(script: string, dags: string, questions: object): unknown {
  const home = mkdtempSync(join(tmpdir(), 'mlops-scheduler-'));
  try {
    // Airflow logs to standard output while it is imported.
    const answers = join(home, 'answers.json');
    const { status, stderr } = spawnSync(testPython(), [join(import.meta.dirname, script)], {
      input: JSON.stringify({ ...questions, dags, answers }),
      encoding: 'utf8',
      env: {
        ...process.env,
        PYTHONPATH: join(ROOT, 'runtime'),
        AIRFLOW_HOME: home,
        AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
        AIRFLOW__CORE__DAGS_FOLDER: dags,
      },
    });
    if (status !== 0) throw new Error(stderr.slice(-30000));
    return JSON.parse(readFileSync(answers, 'utf8'));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
