import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { type Analysis, analyse, emit } from '../compile.ts';
import { printSarif } from '../diagnostics/print-sarif.ts';
import { printable } from '../diagnostics/printable.ts';
import type { Ir } from '../ir/types.ts';
import { openWorkspace } from '../operate/workspace.ts';
import { type PlanDocument, planDocument, planReport } from '../plan/document.ts';
import { evidenceIn } from '../plan/evidence.ts';
import { explainedFiles } from '../plan/files.ts';
import { planOf } from '../plan/plan.ts';
import type { Facts, Plan } from '../plan/types.ts';
import { version } from '../product/product.ts';
import { lastDeployedCommit } from '../release/record.ts';
import { planComment } from '../review/comment.ts';
import { planCatalog, planFindings } from '../review/findings.ts';
import { planPage } from '../review/page.ts';
import { type Commit, GitProblem, Repository } from '../source/git.ts';
import { readSources } from '../source/read.ts';
import { CLASSES } from '../tools/change-rule.ts';
import { GENERATED } from '../write/folder.ts';
import { planWrite } from '../write/plan.ts';
import { type Base, baseOf, named } from './base.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { dropDataOption } from './drop-data.ts';
import { reportingFailures } from './operating.ts';
import { deployedBefore } from './plan-deployed.ts';
import { report, tally } from './report.ts';
import { readStated } from './stated-file.ts';
import { dayOf, todayOption } from './today.ts';

const FORMATS = ['text', 'json', 'markdown', 'html', 'sarif'] as const;
export const GRAVITY = CLASSES.map((each) => each.replace(' ', '-'));

export const command: Command = {
  options: {
    base: { type: 'string', value: 'REF', help: 'what to compare with (default: where HEAD left the main branch)' },
    deployed: {
      type: 'string',
      value: 'ENV',
      help: 'compare with the commit that was deployed to this environment last',
    },
    'drop-data': dropDataOption(
      'with --deployed: a deploy of this plan drops this data for good, given the same; may be given again',
    ),
    head: { type: 'string', value: 'REF', help: 'a commit to plan instead of the files as they are' },
    format: { type: 'string', choices: FORMATS, default: 'text', help: 'how the plan is printed' },
    evidence: {
      type: 'string',
      value: 'FILE',
      help: 'JSON with the number of rows by table: {"rows": {"flights": 336776}}',
    },
    'fail-on': {
      type: 'string',
      choices: GRAVITY,
      help: 'exit 1 where the plan has a change as grave as this, or graver',
    },
    today: todayOption,
  },
  async run({ options }, context) {
    try {
      return await reportingFailures(context, () => plan(options, context));
    } catch (problem) {
      if (problem instanceof GitProblem) throw new UsageError(problem.message);
      throw problem;
    }
  },
};

async function plan(options: Arguments['options'], context: Context): Promise<number> {
  requireDeployedFor(options);
  const facts = factsIn(options['evidence'], context.root);
  const repository = await Repository.at(context.root);
  const stated = options['head'] === undefined ? null : await named(repository, String(options['head']));
  if (!stated && repository.isBare)
    throw new GitProblem('This repository is bare: it has no files to plan. Say --head REF.');
  const made = await planned({ repository, stated, base: statedBase(options, context), options, facts }, context);
  report(made.analysis, 'text', context);
  if (!made.document) {
    context.err(`${tally(made.analysis.findings)}: what does not compile has no plan.\n`);
    return 1;
  }
  context.out(printed(made.document, made.analysis, String(options['format'])));
  return isAsGraveAs(made.document.plan, options['fail-on']) ? 1 : 0;
}

function requireDeployedFor({ 'drop-data': dropping, deployed, head }: Arguments['options']): void {
  if (dropping !== undefined && (deployed === undefined || head !== undefined))
    throw new UsageError('--drop-data goes with --deployed ENV, and is of the files as they are');
}

function statedBase({ base, deployed }: Arguments['options'], { root }: Context): string | null | undefined {
  if (deployed === undefined) return base as string | undefined;
  if (base !== undefined) throw new UsageError('--base and --deployed both say what to compare with; say one');
  return lastDeployedCommit(openWorkspace(root, String(deployed)));
}

export function isAsGraveAs({ verdict }: Plan, limit: string | boolean | undefined): boolean {
  const at = GRAVITY.indexOf(String(limit));
  return at >= 0 && verdict.class !== null && CLASSES.indexOf(verdict.class) >= at;
}

interface Wanted {
  repository: Repository;
  /** Null for the files as they are. */
  stated: Commit | null;
  /** Null where nothing was ever deployed; undefined where HEAD left the main branch. */
  base: string | null | undefined;
  options: Arguments['options'];
  facts: Facts;
}

/** The plan, or null where head does not compile. */
export async function planned({ repository, stated, base: from, options, facts }: Wanted, { root }: Context) {
  const sources = stated ? await repository.sources(stated.id) : readSources(root);
  const analysis = analyse(sources, dayOf(options));
  requireEnvironment(analysis, options['deployed']);
  if (!analysis.ir) return { analysis, document: null, owners: [] };
  const base = await baseOf(repository, from, stated ?? (await repository.commit('HEAD')));
  const plan = planOf(
    base.side,
    { ir: analysis.ir, code: sources.code, locks: sources.locks },
    { ...facts, today: dayOf(options) },
  );
  const files = await filesOf(repository, base, analysis.ir, plan);
  const { notes = [], ...deployed } = await deployedBefore(options, root, stated !== null);
  const compared = { base: base.commit, head: stated?.id ?? null, notes: [...base.notes, ...notes], ...deployed };
  return { analysis, document: planDocument(compared, plan, files), owners: base.side?.ir.platform.owners ?? [] };
}

/** A slip would be an environment to which nothing was ever deployed. */
function requireEnvironment({ ir }: Analysis, stated: string | boolean | undefined): void {
  if (!ir || stated === undefined) return;
  const known = ir.environments.map(({ name }) => name);
  if (!known.includes(String(stated)))
    throw new UsageError(`there is no environment '${printable(String(stated))}'; there are ${known.join(', ')}`);
}

function printed(document: PlanDocument, { texts }: Analysis, format: string): string {
  if (format === 'json') return `${JSON.stringify(document, null, 2)}\n`;
  if (format === 'markdown') return planComment(document);
  if (format === 'html') return planPage(document);
  if (format !== 'sarif') return planReport(document);
  const tool = { version: version(), catalog: planCatalog };
  return printSarif(planFindings(document.plan), [], (file) => texts.get(file), tool);
}

function factsIn(file: string | boolean | undefined, root: string): Facts {
  if (file === undefined) return {};
  const facts = evidenceIn(readStated(resolve(root, String(file)), '--evidence', String(file)).toString('utf8'));
  if (typeof facts === 'string') throw new UsageError(`${file} ${facts}`);
  return facts;
}

async function filesOf(repository: Repository, { side, commit }: Base, head: Ir, { changes }: Plan) {
  const digests = commit === null ? new Map<string, string>() : await repository.digests(commit, GENERATED);
  return explainedFiles({
    base: side?.ir ?? null,
    head,
    changes,
    emit: allFilesOf,
    committed: {
      paths: new Set(digests.keys()),
      holds: (path, text) => digests.get(path) === digestOf(text, repository.objectFormat),
    },
  });
}

const NOTHING = { files: new Map<string, Buffer | null>(), owned: new Set<string>() };

/** With the lists of what is ours. */
const allFilesOf = (ir: Ir): Map<string, string> =>
  new Map([...planWrite(emit(ir), NOTHING).desired].map(([path, bytes]) => [path, bytes.toString('utf8')]));

/** As git names a file's bytes. */
export function digestOf(content: string | Buffer, format: string): string {
  const bytes = Buffer.from(content);
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
