import { type Branch, branchAt, commitOn, type Edit, mayPush } from '../clients/github/branch.ts';
import type { GitHub } from '../clients/github/github.ts';
import { type Pull, pullsWith } from '../clients/github/pulls.ts';
import { analyse, emit } from '../compile.ts';
import { printable } from '../diagnostics/printable.ts';
import { version } from '../product/product.ts';
import { type Commit, Repository } from '../source/git.ts';
import { listsAmong, presentIn } from '../write/committed.ts';
import { GENERATED, MOST_OF_LISTS, requireRoom } from '../write/folder.ts';
import { isCurrent, planWrite, type WritePlan } from '../write/plan.ts';
import { named, short } from './base.ts';
import type { Arguments, Command, Context } from './command.ts';
import { compilerOf } from './compiler-of.ts';
import { githubOf, reportingRefusals, repositoryOption } from './on-github.ts';
import { digestOf } from './plan.ts';
import { count, report, tally } from './report.ts';
import { dayOf, todayOption } from './today.ts';

export const command: Command = {
  options: {
    head: { type: 'string', value: 'COMMIT', help: 'the commit to compile; it is read as data, never checked out' },
    repository: repositoryOption,
    today: todayOption,
  },
  run: ({ options }, context) => reportingRefusals(context, () => commit(options, context)),
};

async function commit(options: Arguments['options'], context: Context): Promise<number> {
  const github = githubOf(options, context);
  const repository = await Repository.at(context.root);
  const head = await named(repository, String(options['head'] ?? 'HEAD'));
  const branches = await branchesAt(github, head, context);
  if (branches.length === 0) return 0;
  if (!(await isCompiledByUs(repository, head, context))) return 0;
  const plan = await planAt(repository, head, options, context);
  if (plan === null) return 1;
  if (isCurrent(plan)) {
    context.out(`${GENERATED}/ of ${short(head.id)} is current: there is nothing to commit.\n`);
    return 0;
  }
  const edits = editsOf(plan, repository.prefix);
  for (const branch of branches) {
    const made = await commitOn(github, { branch, head: head.id, message: messageOf(plan, head), edits });
    context.out(made ? `${printable(branch)} is at ${short(made)} now: ${talliedFiles(plan)}.\n` : moved(branch));
  }
  return 0;
}

const moved = (branch: string): string =>
  `${printable(branch)} has moved meanwhile, so nothing is committed: it is left as it is, and its next run ` +
  'compiles it.\n';

/** Of the open pull requests with this commit at their head, the branches that may get one more; others are told. */
async function branchesAt(github: GitHub, head: Commit, { out }: Context): Promise<string[]> {
  const pulls = await pullsWith(github, head.id);
  if (pulls.length === 0) out(`No open pull request has ${short(head.id)} at its head: there is nothing to commit.\n`);
  const branches = new Set<string>();
  for (const pull of pulls) {
    const reason = await whyNot(github, pull);
    if (reason === null) branches.add(pull.branch ?? '');
    else out(`#${pull.number}: nothing is committed: ${reason}.\n`);
  }
  return [...branches];
}

async function whyNot(github: GitHub, pull: Pull): Promise<string | null> {
  const { branch, targets, author } = pull;
  if (branch === null) return 'its branch is of another repository, which is written by nobody here';
  const shown = printable(branch);
  if (targets.includes(branch)) return `${shown} is changed by pull requests alone`;
  if (!(await mayPush(github, author))) return `@${printable(author)}, who opened it, may not push to ${shown}`;
  return problemOf(await branchAt(github, branch), pull, shown);
}

function problemOf(found: Branch | null, { head }: Pull, shown: string): string | null {
  if (found === null) return `${shown} is not there any more`;
  if (found.isProtected) return `${shown} is protected`;
  return found.head === head ? null : `${shown} has moved meanwhile, and its next run compiles it`;
}

/** What `mlops compile` would write in a checkout of the commit. Null where the specs have errors, which it prints. */
async function planAt(
  repository: Repository,
  head: Commit,
  options: Arguments['options'],
  context: Context,
): Promise<WritePlan | null> {
  const analysis = analyse(await repository.sources(head.id), dayOf(options));
  if (!analysis.ir) {
    report(analysis, 'text', context);
    context.err(`${tally(analysis.findings)} in ${short(head.id)}: what does not compile is not committed.\n`);
    return null;
  }
  const wanted = emit(analysis.ir);
  const { desired } = planWrite(wanted, { files: new Map(), owned: new Set() });
  const files = await repository.files(head.id, [GENERATED]);
  const lists = await repository.contents(listsAmong(files, MOST_OF_LISTS));
  const digest = (bytes: Buffer): string => digestOf(bytes, repository.objectFormat);
  const plan = planWrite(wanted, presentIn(files, desired, { digestOf: digest, lists }));
  requireRoom(plan);
  return plan;
}

/** What another compiler has written is right for it, and a pull request that brings one is compiled by it. */
async function isCompiledByUs(repository: Repository, head: Commit, { out }: Context): Promise<boolean> {
  const own = await compilerOf(repository, await named(repository, 'HEAD'));
  if (own === (await compilerOf(repository, head))) return true;
  out(
    `${short(head.id)} is compiled by another version of the compiler than this one, so nothing is committed. ` +
      'Run `mlops compile` on the branch; or, where it is only behind, merge main into it.\n',
  );
  return false;
}

const editsOf = ({ desired, stale, missing, obsolete }: WritePlan, prefix: string): Edit[] => [
  ...obsolete.map((path) => ({ path: `${prefix}${GENERATED}/${path}`, content: null })),
  ...[...stale, ...missing].map((path) => ({
    ...{ path: `${prefix}${GENERATED}/${path}`, content: String(desired.get(path)) },
  })),
];

const talliedFiles = ({ stale, missing, obsolete }: WritePlan): string =>
  [
    ...(missing.length > 0 ? [`${missing.length} new`] : []),
    ...(stale.length > 0 ? [`${stale.length} changed`] : []),
    ...(obsolete.length > 0 ? [`${obsolete.length} deleted`] : []),
  ].join(', ');

/** No word of the specs: what is said in a commit acts on GitHub. */
function messageOf(plan: WritePlan, head: Commit): string {
  const { stale, missing, obsolete } = plan;
  return (
    `Compile the specs: ${count(stale.length + missing.length + obsolete.length, 'file')} of ${GENERATED}/\n\n` +
    `mlops-compiler ${version()} has compiled the specs of ${head.id}\nas they are: ${talliedFiles(plan)}. ` +
    `Nothing outside ${GENERATED}/ differs,\nand nobody has reviewed it yet.\n`
  );
}
