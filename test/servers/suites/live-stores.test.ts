/** The live sides of the stores, on the real PostgreSQL and Redis. */
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import { readPlan } from '../../../compiler/operate/supervisor/process-plan.ts';
import { platformEnvironment, resolveUnits } from '../../../compiler/operate/supervisor/units.ts';
import { bring } from '../../../compiler/release/bring.ts';
import { liveContext } from '../../../compiler/release/context.ts';
import { askPython } from '../../../compiler/test/python-batch.ts';
import { live as postgres } from '../../../compiler/tools/postgres/live.ts';
import { live as redis } from '../../../compiler/tools/redis/live.ts';
import { checkout, moveToFreePorts, start, stopAndRemove } from '../../live/checkout.ts';
import { deploysOnce, observesOnly, type Subject, seen, seesAndRepairs } from '../../live/contract.ts';

const workspace = checkout('staging', ['postgres-cluster', 'databases', 'postgres', 'redis']);
const live = liveContext(workspace, () => {});

test.before(async () => {
  await moveToFreePorts(workspace);
  await start(workspace);
});

test.after(() => stopAndRemove(workspace));

interface Servers {
  postgres: { host: string; port: number };
  redis: { host: string; port: number };
}

const where = (): Servers =>
  JSON.parse(readFileSync(join(workspace.root, 'generated/staging/runtime/environment.json'), 'utf8')) as Servers;

// --- PostgreSQL

/** As its superuser, whose password only the step that makes databases has. */
function inPostgres(...statements: string[]): unknown {
  const step = resolveUnits(workspace, readPlan(workspace), {}).find(({ name }) => name === 'databases');
  const script = `
import os, psycopg
where, statements = questions
answers = []
with psycopg.connect(host=where["host"], port=where["port"], user="postgres", dbname="postgres",
                     password=os.environ["MLOPS_POSTGRES_ADMIN_PASSWORD"], autocommit=True) as c:
    for statement in statements:
        found = c.execute(statement)
        answers.append(found.fetchall() if found.description else None)
`;
  return askPython(script, [where().postgres, statements], step?.env ?? {});
}

/** The transactions that wrote the catalogue's rows. */
const inDatabases: Subject = {
  side: postgres,
  live,
  trace: async () =>
    inPostgres(
      'SELECT datname, xmin::text FROM pg_database ORDER BY 1',
      'SELECT rolname, xmin::text FROM pg_authid ORDER BY 1',
      'SELECT xmin::text FROM pg_db_role_setting ORDER BY 1',
    ),
};

test('PostgreSQL: what a start made is what was compiled, and a deploy writes nothing', async () => {
  const { changes, summary } = await deploysOnce(inDatabases);
  assert.deepEqual(changes, []);
  assert.match(summary, /^nothing changed; 3 databases there$/);
});

test('PostgreSQL: observing twice gives the same, and writes nothing', async () =>
  void (await observesOnly(inDatabases)));

test('PostgreSQL: rights, owners and settings changed by hand are seen by their addresses, and repaired', async () => {
  const tamper = async () =>
    inPostgres(
      'ALTER ROLE feast SUPERUSER CREATEDB',
      "ALTER ROLE feast SET work_mem = '1MB'",
      "ALTER ROLE mlflow IN DATABASE mlflow SET jit = 'on'",
      'ALTER ROLE airflow NOLOGIN',
      'GRANT pg_read_all_data TO airflow',
      'ALTER DATABASE mlflow OWNER TO feast',
      'GRANT CONNECT ON DATABASE airflow TO PUBLIC',
      "ALTER DATABASE feast SET timezone = 'CET'",
    );
  const { summary } = await seesAndRepairs(inDatabases, tamper, [
    ['update', 'postgres/database/airflow', ['public']],
    ['update', 'postgres/database/feast', ['settings']],
    ['update', 'postgres/database/mlflow', ['owner']],
    ['update', 'postgres/role/airflow', ['login', 'member_of']],
    ['update', 'postgres/role/feast', ['rights', 'settings']],
    ['update', 'postgres/role/mlflow', ['settings']],
  ]);
  assert.match(summary, /^brought back database\/airflow, .*role\/mlflow; 3 databases there$/);
});

test('PostgreSQL: a role and a database that nobody asked for are named, and stay', async () => {
  inPostgres('CREATE ROLE somebody LOGIN', 'CREATE DATABASE scratch OWNER somebody');
  const foreign = [
    ['delete', 'postgres/database/scratch'],
    ['delete', 'postgres/role/somebody'],
  ];
  assert.deepEqual(await seen(inDatabases), foreign);
  const { changes, summary } = await bring(postgres, live);
  assert.deepEqual(changes, []);
  assert.match(summary, /left postgres\/database\/scratch: no spec asks for it; drop it by hand; left postgres\/role/);
  assert.deepEqual(await seen(inDatabases), foreign);
  inPostgres('DROP DATABASE scratch', 'DROP ROLE somebody');
});

test('PostgreSQL: a database that was dropped is missing, and is made again with its rights', async () => {
  await seesAndRepairs(inDatabases, async () => inPostgres('DROP DATABASE mlflow'), [
    ['create', 'postgres/database/mlflow'],
  ]);
});

// --- Redis

function inRedis(command: string): unknown {
  const script = `
import os, redis
where, command = questions
with redis.Redis(host=where["host"], port=where["port"], password=os.environ["MLOPS_REDIS_PASSWORD"]) as c:
    answers = str(c.execute_command(*command.split()))
`;
  return askPython(script, [where().redis, command], platformEnvironment(workspace));
}

/** How often a setting was set. */
const inSettings: Subject = {
  side: redis,
  live,
  trace: async () => /config\|set': \{'calls': (\d+)/.exec(String(inRedis('INFO commandstats')))?.[1] ?? 'never',
};

test('Redis: what it began with is what was compiled, and a deploy sets nothing', async () => {
  const { changes, summary } = await deploysOnce(inSettings);
  assert.deepEqual(changes, []);
  assert.match(summary, /^nothing changed; 4 settings as compiled$/);
});

test('Redis: observing twice gives the same, and sets nothing', async () => void (await observesOnly(inSettings)));

test('Redis: a setting that loses writes is seen by its address, and repaired without a restart', async () => {
  const tamper = async () => {
    inRedis('CONFIG SET appendfsync no');
    inRedis('CONFIG SET maxmemory-policy allkeys-lru');
    inRedis('CONFIG SET timeout 77');
  };
  const { summary } = await seesAndRepairs(inSettings, tamper, [
    ['update', 'redis/setting/appendfsync', ['value']],
    ['update', 'redis/setting/maxmemory-policy', ['value']],
  ]);
  assert.match(summary, /^set appendfsync, maxmemory-policy; 4 settings as compiled$/);
});

test.run();
