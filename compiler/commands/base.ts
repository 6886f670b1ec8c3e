/** What a plan compares with: which commit, and what of it compiles. */
import { analyse } from '../compile.ts';
import type { Side } from '../plan/types.ts';
import { type Commit, GitProblem, type Repository } from '../source/git.ts';
import { PLATFORM_FILES, type Sources } from '../source/reading.ts';
import { count, tally } from './report.ts';

export interface Base {
  /** Null where there was no platform before. */
  side: Side | null;
  /** Null where there is no commit yet. */
  commit: string | null;
  /** For people: what it is, and why it is another one than was asked for. */
  notes: string[];
}

/** What the branch is called that others leave, by what of it is newest. */
const MAIN = [
  ...['refs/remotes/origin/HEAD', 'refs/remotes/origin/main', 'refs/remotes/origin/master'],
  ...['refs/heads/main', 'refs/heads/master'],
];
const FIRST_PARENTS = 50;

export async function baseOf(
  repository: Repository,
  stated: string | null | undefined,
  head: Commit | null,
): Promise<Base> {
  if (!head) return { side: null, commit: null, notes: ['There is no commit yet, so everything is new.'] };
  if (stated === null) {
    const notes = ['Nothing was deployed there yet, as far as this machine knows, so everything is new.'];
    return { side: null, commit: null, notes };
  }
  const base = stated === undefined ? await leftAt(repository, head) : await named(repository, stated);
  return compiled(repository, base);
}

export async function named(repository: Repository, name: string): Promise<Commit> {
  const commit = await repository.commit(name);
  if (commit) return commit;
  const fetch = repository.isShallow ? ' This clone is shallow: `git fetch --unshallow` brings the rest.' : '';
  throw new GitProblem(`There is no commit called '${name}' in this repository.${fetch}`);
}

/** The merge base with the main branch. */
async function leftAt(repository: Repository, head: Commit): Promise<Commit> {
  for (const name of MAIN) {
    const main = await repository.commit(name);
    if (!main) continue;
    const id = await repository.mergeBase(head, main);
    const short = name.replace(/^refs\/(remotes|heads)\//, '');
    if (id !== null) return { id, name: `where ${head.name} left ${short}` };
    throw new GitProblem(
      repository.isShallow
        ? `This clone is shallow, and the commit where ${head.name} left ${short} is not in it. Bring it ` +
            'by `git fetch --unshallow` (`fetch-depth: 0` of actions/checkout), or say --base REF.'
        : `${head.name} and ${short} have no commit in common. Say --base REF.`,
    );
  }
  throw new GitProblem(
    'There is no branch main or master, here or at origin, that this one could have left. Say --base REF.',
  );
}

/** The commit, or the newest of its first parents of which the specs compile. */
async function compiled(repository: Repository, { id, name }: Commit): Promise<Base> {
  const notes = [`Compared with ${short(id)} (${name}).`];
  for (const [steps, commit] of (await repository.firstParents({ id, name }, FIRST_PARENTS)).entries()) {
    const sources = await repository.sources(commit);
    if (!hasPlatform(sources)) {
      const note = `${short(commit)} has no platform.yaml, so everything is new.`;
      return { side: null, commit, notes: [...notes, note] };
    }
    const { ir, findings } = analyse(sources);
    if (ir) {
      const instead = `Compared with ${short(commit)} instead, ${count(steps, 'commit')} before it, which does.`;
      const side = { ir, code: sources.code, locks: sources.locks };
      return { side, commit, notes: steps === 0 ? notes : [...notes, instead] };
    }
    if (steps === 0) notes.push(`It does not compile (${tally(findings)}).`);
  }
  throw new GitProblem(
    `${short(id)} (${name}) does not compile, nor does any of its newest ${FIRST_PARENTS} first parents` +
      `${repository.isShallow ? ' in this shallow clone' : ''}. Say --base REF with a commit that does.`,
  );
}

const hasPlatform = ({ specs }: Sources): boolean =>
  specs.some(({ path }) => (PLATFORM_FILES as readonly string[]).includes(path));

export const short = (id: string): string => id.slice(0, 12);
