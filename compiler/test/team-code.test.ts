/** A team's Python counts only where it is evidence: right repositories stay right, misspellings are found. */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import { mend } from '../mend.ts';
import { randomNumbers, readRepository } from './faults/repository.ts';
import { columnsOf, isNamed, misspelling, variation } from './faults/team-code.ts';
import { soundPlatforms } from './platforms.ts';
import { SEED, TIMES } from './runs.ts';
import { asSources } from './sources.ts';

const TUTORIALS = ['credit', 'drivers'].map((name) => ({
  name,
  files: readRepository(join(import.meta.dirname, 'tutorials', name)),
}));

const worlds = [...soundPlatforms(), ...TUTORIALS].map((each) => ({ ...each, columns: columnsOf(each.files) }));

for (const { name, files } of TUTORIALS)
  test(`the tutorial ${name} has no findings`, () => {
    assert.equal(
      analyse(asSources(files)).findings.map(({ code, message }) => `${code} ${message}`),
      [],
    );
  });

test('a thousand variations of team code with unrelated names have no finding and no fix', () => {
  const random = randomNumbers(SEED);
  const wrong: string[] = [];
  const count = 1000 * TIMES;
  for (let index = 0; index < count; index += 1) {
    const { files, columns, name } = worlds[index % worlds.length] as (typeof worlds)[number];
    const { analysis, texts } = mend(asSources(variation(files, columns, random)));
    if (analysis.findings.length > 0 || texts.size > 0)
      wrong.push(`${name}: ${analysis.findings.map(({ code, message }) => `${code} ${message}`).join(' | ')}`);
  }
  console.log(`figure: ${count} variations of right team code: ${wrong.length} findings or fixes`);
  assert.equal(wrong, []);
});

test('three hundred misspelt columns in such code are found', () => {
  const random = randomNumbers(SEED + 1);
  const named = worlds.filter(({ files, columns }) => columns.some((each) => isNamed(files, each)));
  const lost: string[] = [];
  let [count, errors] = [0, 0];
  for (let index = 0; count < 300 * TIMES; index += 1) {
    const { files, columns, name } = named[index % named.length] as (typeof worlds)[number];
    const seeded = misspelling(files, columns, random);
    if (!seeded) continue;
    count += 1;
    const others = columns.filter((each) => each.name !== seeded.right);
    const { findings } = analyse(asSources(variation(seeded.files, others, random)));
    const told = findings.find(
      ({ message, help }) =>
        message.includes(`'${seeded.wrong}'`) && `${message} ${help}`.includes(`'${seeded.right}'`),
    );
    if (told?.severity === 'error') errors += 1;
    if (!told) lost.push(`${name} ${seeded.what}: ${findings.map(({ message }) => message).join(' | ') || 'nothing'}`);
  }
  console.log(
    `figure: ${count} misspelt columns between spec and code: ${count - lost.length} found (${errors} proven)`,
  );
  assert.ok(lost.length <= 0.02 * count, lost.join('\n'));
});

test.run();
