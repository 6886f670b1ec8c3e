/**
 * PostgreSQL and Redis: what is kept where, for how long, and that the online store can be rebuilt from the offline
 * one.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Chapter, eventually, getJson, type Stage } from './stage.ts';
import { Traffic } from './traffic.ts';

const MODEL = 'departure_delay';

export const chapter: Chapter = {
  title: 'What the stores keep',
  async run(stage) {
    await stage.check("Feast's registry, MLflow's runs and Airflow's are in PostgreSQL", async () => {
      const counts = await ask<Record<string, number>>(stage, 'databases');
      const empty = Object.entries(counts).filter(([, count]) => count === 0);
      if (empty.length > 0) throw new Error(`empty: ${empty.map(([table]) => table).join(', ')}`);
      stage.note(
        Object.entries(counts)
          .map(([table, count]) => `${table} ${count}`)
          .join(', '),
      );
    });
    await stage.check(
      'Redis writes each change to its append-only file, evicts nothing, and forgets a key after its TTL',
      () => kept(stage),
    );
    await stage.check(
      'Redis is emptied: the API answers without features, and `mlops backfill` brings back the same values',
      () => refill(stage),
    );
  },
};

const ask = async <T>(stage: Stage, ...words: string[]): Promise<T> =>
  JSON.parse(await stage.python('test/servers/stores_probe.py', ...words)) as T;

interface Kept {
  settings: Record<string, string>;
  stated: number;
  keys: number;
  shortest: number;
  longest: number;
}

async function kept(stage: Stage): Promise<void> {
  const { settings, stated, keys, shortest, longest } = await ask<Kept>(stage, 'kept');
  const expected = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' };
  for (const [name, value] of Object.entries(expected))
    if (settings[name] !== value) throw new Error(`Redis' ${name} is '${settings[name]}'`);
  if (keys === 0 || shortest <= 0 || longest > stated)
    throw new Error(`${keys} keys live between ${shortest} and ${longest} s; stated are ${stated} s`);
  stage.note(`${keys} keys, none of which lives longer than ${Math.round(stated / 86_400)} days without news`);
}

/** Every view has a monitor. */
const views = (stage: Stage): string[] =>
  readdirSync(join(stage.root, 'generated/common/monitoring/views')).map((file) => basename(file, '.json'));

async function refill(stage: Stage): Promise<void> {
  const before = await ask<Record<string, string>>(stage, 'online');
  await ask(stage, 'empty');
  const traffic = await Traffic.start(stage, MODEL, 1, 50);
  try {
    await eventually(20, async () => {
      if (traffic.answered.length < 10)
        throw new Error(`${traffic.answered.length} predictions answered; ${traffic.failures()}`);
    });
  } finally {
    await traffic.stop();
  }
  if (traffic.failed.length > 0) throw new Error(`not answered: ${traffic.failures()}`);
  const to = new Date(Date.now() + 86_400_000).toISOString();
  for (const view of views(stage))
    await stage.mlops('backfill', view, '--env', 'staging', '--from', '2000-01-01', '--to', to);
  const after = await ask<Record<string, string>>(stage, 'online');
  const lost = Object.keys(before).filter((field) => after[field] === undefined);
  const other = Object.keys(before).filter((field) => after[field] !== undefined && after[field] !== before[field]);
  if (lost.length > 0 || other.length > 0)
    throw new Error(
      `of ${Object.keys(before).length} values ${lost.length} are missing, and ${other.length} are others`,
    );
  stage.note(
    `${Object.keys(before).length} values were there, ${Object.keys(after).length} are there after it; all of ` +
      'the first are the same',
  );
  await getJson(`${stage.address(`serving-${MODEL}`)}/readyz`);
}
