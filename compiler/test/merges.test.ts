/**
 * Two pull requests that edit different specs of features are merged by git alone: their generated files, too, are then
 * what a clean compile of the merged specs gives. They meet only in the
 * labels of containers, which are digests of files that both change.
 */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, emit } from '../compile.ts';
import { planWrite } from '../write/plan.ts';
import { type Files, randomNumbers, readRepository } from './faults/repository.ts';
import { GitRepository } from './git-repository.ts';
import { drawn, type Pull, pullsOf } from './pulls/seeder.ts';
import { SEED, TIMES } from './runs.ts';
import { asSources } from './sources.ts';

const GROUNDS = ['faults/flights', 'platforms/flights', 'platforms/fraud'];
const TRIED = 2 * TIMES;
const NOTHING = { files: new Map<string, Buffer | null>(), owned: new Set<string>() };

/** The specs with what is generated from them; null where they do not compile. */
function built(files: Files): Map<string, string> | null {
  const { ir } = analyse(asSources(files));
  if (!ir) return null;
  const { desired } = planWrite(emit(ir), NOTHING);
  return new Map([...files, ...[...desired].map(([path, bytes]) => [`generated/${path}`, String(bytes)] as const)]);
}

const changedIn = (files: Files, base: Files): string[] =>
  [...new Set([...files.keys(), ...base.keys()])].filter((path) => files.get(path) !== base.get(path));

/** Both edits at once. */
function together(base: Files, one: Files, other: Files): Files {
  const all = new Map(base);
  for (const side of [one, other])
    for (const path of changedIn(side, base)) {
      const text = side.get(path);
      if (text === undefined) all.delete(path);
      else all.set(path, text);
    }
  return all;
}

/** What `git merge` leaves of both, in a work tree. */
class Merging {
  readonly #git = new GitRepository();
  readonly #commits = new Map<Pull, string>();
  readonly #main: string;

  constructor(main: ReadonlyMap<string, string>) {
    this.#main = this.#commit(main);
  }

  #commit(files: ReadonlyMap<string, string>): string {
    this.#git.git('rm', '-r', '--quiet', '--force', '--ignore-unmatch', '.');
    this.#git.write(files);
    return this.#git.commit();
  }

  of(pull: Pull, files: ReadonlyMap<string, string>): string {
    const known = this.#commits.get(pull);
    if (known) return known;
    this.#git.git('checkout', '--quiet', '--force', '--detach', this.#main);
    const made = this.#commit(files);
    this.#commits.set(pull, made);
    return made;
  }

  /** Paths of conflicts, or those in which the merged tree differs from the wanted one. */
  problems(one: string, other: string, wanted: ReadonlyMap<string, string>): string[] {
    this.#git.git('checkout', '--quiet', '--force', '--detach', one);
    try {
      this.#git.git('merge', '--quiet', '--no-edit', other);
    } catch {
      const conflicts = this.#git.git('diff', '--name-only', '--diff-filter=U');
      this.#git.git('merge', '--abort');
      return conflicts.split('\n').map((path) => `conflict in ${path}`);
    }
    const merged = this.#git.git('rev-parse', 'HEAD^{tree}');
    this.#git.git('checkout', '--quiet', '--force', '--detach', this.#main);
    const clean = this.#commit(wanted);
    return this.#git.git('diff', '--name-only', merged, clean).split('\n').filter(Boolean);
  }

  remove(): void {
    this.#git.remove();
  }
}

const pairs = <T>(all: readonly T[]): [T, T][] =>
  all.flatMap((one, index) => all.slice(index + 1).map((other): [T, T] => [one, other]));

/** Pairs of edits of one spec each, another one in either. */
function* pairsOf(base: Files): Generator<[Pull, Pull]> {
  const random = randomNumbers(SEED);
  const single = drawn(pullsOf(base), 400, SEED).filter(({ files }) => {
    const [path = '', ...more] = changedIn(files, base);
    return more.length === 0 && path.startsWith('features/');
  });
  const any = (): Pull => single[Math.floor(random() * single.length)] as Pull;
  for (let tries = 0; tries < TRIED * 10; tries += 1) {
    const [one, other] = [any(), any()];
    if (changedIn(one.files, base)[0] !== changedIn(other.files, base)[0]) yield [one, other];
  }
}

for (const ground of GROUNDS)
  test(`pull requests to different views of ${ground} never meet in a generated file`, () => {
    const base = readRepository(join(import.meta.dirname, ground));
    const generated = built(base) as Map<string, string>;
    const merging = new Merging(generated);
    let tried = 0;
    try {
      for (const [one, other] of pairsOf(base)) {
        if (tried === TRIED) break;
        const sides = [one, other].map((pull) => built(pull.files));
        const wanted = built(together(base, one.files, other.files));
        const [first, second] = sides;
        if (!first || !second || !wanted) continue;
        tried += 1;
        const problems = merging.problems(merging.of(one, first), merging.of(other, second), wanted);
        assert.equal(problems, [], `${one.what} and ${other.what}`);
      }
    } finally {
      merging.remove();
    }
    assert.is(tried, TRIED);
    console.log(`figure: ${tried} pairs of pull requests to ${ground}, none of which met`);
  });

test('views of one model, each with another ttl, meet in none of its contracts', () => {
  const base = readRepository(join(import.meta.dirname, 'faults/flights'));
  const pulls = ['plane_delays', 'carrier_delays', 'airport_delays'].map((view): Pull => {
    const path = `features/${view}.yaml`;
    const text = (base.get(path) ?? '').replace(/^ttl: .*$/m, 'ttl: 31d');
    return { kind: 'ttl', what: view, files: new Map([...base, [path, text]]), expected: [], radius: null };
  });
  const merging = new Merging(built(base) as Files);
  try {
    for (const [one, other] of pairs(pulls)) {
      const wanted = built(together(base, one.files, other.files)) as Files;
      const sides = [one, other].map((pull) => merging.of(pull, built(pull.files) as Files)) as [string, string];
      const problems = merging.problems(...sides, wanted);
      assert.equal(problems, [], `${one.what} and ${other.what}`);
    }
  } finally {
    merging.remove();
  }
});

test.run();
