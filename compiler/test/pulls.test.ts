/** Seeded pull requests: what the seeder makes is sound, and differs from what it was made of. */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import { type Files, readRepository } from './faults/repository.ts';
import { largeRepository } from './large.ts';
import { drawn, pullsOf } from './pulls/seeder.ts';
import { SEED, TIMES } from './runs.ts';
import { asSources } from './sources.ts';

const REPOSITORIES: Record<string, Files> = {
  sample: readRepository(join(import.meta.dirname, 'faults/flights')),
  flights: readRepository(join(import.meta.dirname, 'platforms/flights')),
  fraud: readRepository(join(import.meta.dirname, 'platforms/fraud')),
  large: largeRepository(300),
};

test('the seeder makes pull requests of every kind, and nine of ten leave the repository sound', () => {
  const drawnOnes = Object.values(REPOSITORIES).flatMap((files) => drawn(pullsOf(files), 8 * TIMES, SEED));
  const unsound = drawnOnes.filter(({ files }) => analyse(asSources(files)).ir === null);
  assert.ok(unsound.length * 10 <= drawnOnes.length, unsound.map(({ what }) => what).join('\n'));
});

test('a pull request differs from its base, and one of which nothing is expected has a reason to be there', () => {
  for (const [name, base] of Object.entries(REPOSITORIES))
    for (const { kind, what, files } of pullsOf(base).filter((_, index) => name !== 'large' || index % 100 === 0)) {
      const isSame = files.size === base.size && [...files].every(([path, text]) => base.get(path) === text);
      assert.is(isSame, kind === 'nothing', `${name}: ${what}`);
    }
});

test.run();
