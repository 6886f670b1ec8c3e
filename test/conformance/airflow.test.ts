import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { askPython, testPython } from '../../compiler/test/python-batch.ts';
import { compiled, everyCompiled } from './compiled.ts';

const importAll = `
from airflow.dag_processing.dagbag import DagBag

bag = DagBag(dag_folder=questions)
for dag in bag.dags.values():
    dag.check_cycle()
answers = {
    "errors": bag.import_errors,
    "warnings": bag.captured_warnings,
    "dags": sorted(bag.dags),
    "tasks": sum(len(dag.tasks) for dag in bag.dags.values()),
}
`;

test('every DAG is imported by Airflow, with no error, no warning and no cycle', () => {
  const home = mkdtempSync(join(tmpdir(), 'mlops-airflow-'));
  try {
    const dags = join(home, 'dags');
    for (const each of everyCompiled) cpSync(join(each, 'common/airflow/dags'), dags, { recursive: true });
    const found = askPython(importAll, dags, {
      AIRFLOW_HOME: home,
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__CORE__DAGS_FOLDER: dags,
    }) as { errors: object; warnings: object; dags: string[]; tasks: number };
    assert.equal(found.errors, {});
    assert.equal(found.warnings, {});
    const files = readdirSync(dags).filter((name) => name.endsWith('.py'));
    assert.equal(found.dags, files.map((name) => basename(name, '.py')).sort());
    assert.ok(found.tasks > 20);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

const writeSettings = `
import os
from airflow.configuration import write_default_airflow_configuration_if_needed

write_default_airflow_configuration_if_needed()
with open(os.path.join(questions, "airflow.cfg")) as file:
    answers = file.read()
`;

/** Airflow writes its settings once; a folder that is moved afterwards must not be looked for where it lay. */
test('each place below its home that Airflow writes down is one that we state', () => {
  const home = mkdtempSync(join(tmpdir(), 'mlops-airflow-'));
  try {
    const settings = askPython(writeSettings, home, { AIRFLOW_HOME: home }) as string;
    const places: string[] = [];
    let section = '';
    for (const line of settings.split('\n')) {
      section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
      const [, key] = /^(\w+) = /.exec(line) ?? [];
      if (key !== undefined && line.includes(home)) places.push(`AIRFLOW__${section}__${key}`.toUpperCase());
    }
    assert.ok(places.length > 2);
    const plan = JSON.parse(readFileSync(join(compiled, 'local/process/processes.json'), 'utf8'));
    assert.equal(
      places.filter((name) => plan.environment_variables[name] === undefined),
      [],
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

for (const [title, ...options] of [
  ['ruff finds nothing in the Python, Airflow 3 rules included', 'check', '--preview', '--select', 'AIR,F,E,I'],
  ['ruff would format no Python otherwise', 'format', '--diff'],
] as const) {
  test(title, () => {
    const ruff = join(dirname(testPython()), 'ruff');
    const { status, stdout, stderr } = spawnSync(
      ruff,
      [...options, '--isolated', '--no-cache', '--line-length', '100', ...everyCompiled],
      {
        encoding: 'utf8',
      },
    );
    assert.is(status, 0, `${stdout}${stderr}`);
  });
}

test.run();
