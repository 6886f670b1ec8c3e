/** The tools' SQLite files, damaged in every way that a disk, a crash or a person damages them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sqliteDamage } from '../../compiler/operate/machine/sqlite-file.ts';
import { damagedDatabases, requireWholeDatabases } from '../../compiler/operate/supervisor/databases.ts';
import type { ProcessPlan } from '../../compiler/operate/supervisor/process-plan.ts';
import { filesOf, fixtureIr } from '../../compiler/test/fixture.ts';
import { mlops } from './cli.ts';
import { server, withSandbox } from './sandbox.ts';

const planOf = (environment: string) =>
  JSON.parse(filesOf(fixtureIr()).get(`${environment}/process/processes.json`) ?? '') as ProcessPlan;
const { databases } = planOf('local');

/** 40 rows over several pages, as SQLite itself writes them; with `-wal` beside it where that is asked for. */
function makeDatabase(path: string, mode = 'delete'): Buffer {
  mkdirSync(dirname(path), { recursive: true });
  const program =
    'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(f"pragma journal_mode={sys.argv[2]}"); ' +
    'c.execute("create table t(x)"); c.executemany("insert into t values(?)", [("x" * 1000,)] * 40); c.commit()';
  execFileSync('python3', ['-c', program, path, mode]);
  return readFileSync(path);
}

function damages(whole: Buffer): Record<string, Buffer | string> {
  return {
    empty: '',
    'one byte': whole.subarray(0, 1),
    'cut in its header': whole.subarray(0, 60),
    'cut in a page': whole.subarray(0, whole.length - 100),
    'half of it': whole.subarray(0, whole.length / 2),
    'other JSON': '{"version": 1}\n',
    zeros: Buffer.alloc(whole.length),
    garbage: Buffer.from('not what it was '.repeat(5000)),
  };
}

test('the files that the compiled settings point to are those whose damage is told', () => {
  const text = [...filesOf(fixtureIr())].filter(([path]) => path.startsWith('local/')).map(([, content]) => content);
  const named = text.join('\n').matchAll(/sqlite:\/\/\/[^\s"']*?([\w-]+\.db)|path: \S*?([\w-]+\.db)/g);
  const found = new Set([...named].map(([, url, path]) => url ?? path));
  assert.equal([...found].sort(), databases.map(({ file }) => file.split('/').at(-1)).sort());
  assert.equal(planOf('staging').databases, []);
});

test(
  'each damage of each file is a sentence with the file, what it holds and the way out, and a whole one is none',
  withSandbox({}, async ({ workspace }) => {
    mkdirSync(workspace.state, { recursive: true });
    writeFileSync(join(workspace.state, 'deployments.json'), '[]');
    let count = 0;
    for (const { file, holds, recovery } of databases) {
      const path = file.replace(/^\$\{state\}/, workspace.state);
      const whole = makeDatabase(path);
      assert.equal(await damagedDatabases(workspace, databases), []);
      for (const [name, content] of Object.entries(damages(whole))) {
        writeFileSync(path, content);
        const [said = '', ...more] = await damagedDatabases(workspace, databases);
        assert.equal(more, [], name);
        for (const part of [path, holds, recovery, 'mlops down --env local', 'mlops up --env local'])
          assert.ok(said.includes(part), `${name}: ${said}`);
        count += 1;
      }
      rmSync(path);
    }
    console.log(`figure: ${count} damages of ${databases.length} files of the tools are told with the way out`);
  }),
);

test(
  'a database that is being written, in either journal mode, is whole; one of an interrupted first start is no damage',
  withSandbox({}, async ({ workspace }) => {
    const [database] = databases;
    const file = (database?.file ?? '').replace(/^\$\{state\}/, workspace.state);
    for (const mode of ['delete', 'wal', 'truncate']) {
      makeDatabase(file, mode);
      assert.is(sqliteDamage(file), null, mode);
      for (const name of readdirSync(dirname(file))) rmSync(join(dirname(file), name));
    }
    writeFileSync(file, '');
    await requireWholeDatabases(workspace, databases);
    assert.not.ok(existsSync(join(workspace.state, 'deployments.json')));
  }),
);

test(
  'up, status and run say it, and leave with 2, 1 and 2',
  withSandbox({ databases, processes: [{ name: 'web', command: server(15360), port: 15360 }] }, async (sandbox) => {
    const { root, state } = sandbox.workspace;
    const pipelines = join(root, 'generated/common/runtime/pipelines');
    mkdirSync(pipelines, { recursive: true });
    writeFileSync(join(pipelines, 'flights.json'), '{}');
    const up = await mlops(sandbox, 'up');
    assert.is(up.exit, 0, up.printed);
    const file = join(state, 'airflow', 'airflow.db');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'SQLite');
    for (const [words, exit] of [
      [['up'], 2],
      [['status'], 1],
      [['run', 'flights'], 2],
    ] as const) {
      const call = await mlops(sandbox, ...words);
      assert.is(call.exit, exit, call.printed);
      assert.match(call.printed, `${file} is damaged: it is no SQLite database. It holds the history of all`);
      assert.not.match(call.printed, '    at ');
    }
  }),
);

test.run();
