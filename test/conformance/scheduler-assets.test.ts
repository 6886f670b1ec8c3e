/** The real Airflow's scheduler makes the runs of what is compiled. */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { randomNumbers } from '../../compiler/test/faults/repository.ts';
import { PLATFORMS } from '../../compiler/test/fixture.ts';
import { askScheduler } from './scheduler.ts';

const TABLES: Record<string, string[]> = {
  card_fraud: ['card_activity', 'card_profiles', 'merchant_risk', 'payments'],
  merchant_volume: ['merchant_days', 'merchant_risk', 'merchant_sales'],
};
const MODELS = Object.keys(TABLES);
const champion = (model: string): string => `${model}@champion`;

/** How often each model is scored after each batch: once when all its tables are new, once for a new champion. */
function wanted(batches: readonly string[][]): Record<string, number>[] {
  const waiting = new Map(MODELS.map((model) => [model, new Set(TABLES[model])]));
  return batches.map((batch) =>
    Object.fromEntries(
      MODELS.map((model) => {
        const left = waiting.get(model) as Set<string>;
        for (const asset of batch) left.delete(asset);
        const isComplete = left.size === 0;
        if (isComplete) waiting.set(model, new Set(TABLES[model]));
        return [model, Number(isComplete) + Number(batch.includes(champion(model)))];
      }),
    ),
  );
}

/** Mostly one update at a time; now and then several before the scheduler looks. */
function randomBatches(chance: () => number, count: number): string[][] {
  const assets = [...new Set(Object.values(TABLES).flat()), ...MODELS.map(champion)];
  const any = (): string => assets[Math.floor(chance() * assets.length)] as string;
  return Array.from({ length: count }, () => Array.from({ length: chance() < 0.7 ? 1 : 3 }, any));
}

test('scoring loses no update, and runs once for each reason', () => {
  const seed = Number(process.env['MLOPS_TEST_SEED'] ?? Date.now() % 1_000_000);
  const [first, second, ...others] = TABLES['card_fraud'] as [string, string, ...string[]];
  const batches = [[first, ...others], [champion('card_fraud')], [second], ...randomBatches(randomNumbers(seed), 47)];
  const answers = askScheduler('scheduler_assets.py', join(PLATFORMS, 'fraud/golden/common/airflow/dags'), {
    batches,
  }) as string[][];
  const scored = answers.map((runs) =>
    Object.fromEntries(MODELS.map((model) => [model, runs.filter((dag) => dag === `score_${model}`).length])),
  );
  assert.equal(scored, wanted(batches), `seed ${seed}`);
  const total = scored.reduce((sum, each) => sum + Object.values(each).reduce((a, b) => a + b, 0), 0);
  console.log(
    `figure: ${batches.flat().length} updates of tables and champions: ${total} scorings, each for its reason`,
  );
});

test.run();
