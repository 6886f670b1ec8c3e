import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { analyse, emit } from '../compile.ts';
import type { Ir } from '../ir/types.ts';
import { planDocument, planReport } from '../plan/document.ts';
import { evidenceIn } from '../plan/evidence.ts';
import { explainedFiles, type FileChange } from '../plan/files.ts';
import { planOf } from '../plan/plan.ts';
import type { Facts, Plan } from '../plan/types.ts';
import { type Commit, GitProblem, Repository } from '../source/git.ts';
import { readSources } from '../source/read.ts';
import { CLASSES } from '../tools/change-rule.ts';
import { GENERATED } from '../write/folder.ts';
import { planWrite } from '../write/plan.ts';
import { type Base, baseOf, named } from './base.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { report, tally } from './report.ts';
import { dayOf, todayOption } from './today.ts';

const GRAVITY = CLASSES.map((each) => each.replace(' ', '-'));

export const command: Command = {
  options: {
    base: { type: 'string', value: 'REF', help: 'what to compare with (default: where HEAD left the main branch)' },
    head: { type: 'string', value: 'REF', help: 'a commit to plan instead of the files as they are' },
    format: { type: 'string', choices: ['text', 'json'], default: 'text', help: 'how the plan is printed' },
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
      return await plan(options, context);
    } catch (problem) {
      if (problem instanceof GitProblem) throw new UsageError(problem.message);
      throw problem;
    }
  },
};

async function plan(options: Arguments['options'], context: Context): Promise<number> {
  const facts = factsIn(options['evidence'], context.root);
  const repository = await Repository.at(context.root);
  const stated = options['head'] === undefined ? null : await named(repository, String(options['head']));
  if (!stated && repository.isBare)
    throw new GitProblem('This repository is bare: it has no files to plan. Say --head REF.');
  const sources = stated ? await repository.sources(stated.id) : readSources(context.root);
  const analysis = analyse(sources, dayOf(options));
  report(analysis, 'text', context);
  if (!analysis.ir) {
    context.err(`${tally(analysis.findings)}: what does not compile has no plan.\n`);
    return 1;
  }
  const from = stated ?? (await repository.commit('HEAD'));
  const base = await baseOf(repository, options['base'] as string | undefined, from);
  const planned = planOf(base.side, { ir: analysis.ir, code: sources.code, locks: sources.locks }, facts);
  const files = await filesOf(repository, base, analysis.ir, planned);
  print({ base, head: stated, planned, files }, String(options['format']), context);
  const limit = GRAVITY.indexOf(String(options['fail-on']));
  return limit >= 0 && planned.verdict.class !== null && CLASSES.indexOf(planned.verdict.class) >= limit ? 1 : 0;
}

interface Made {
  base: Base;
  head: Commit | null;
  planned: Plan;
  files: FileChange[];
}

function print({ base, head, planned, files }: Made, format: string, context: Context): void {
  const document = planDocument({ base: base.commit, head: head?.id ?? null, notes: base.notes }, planned, files);
  context.out(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : planReport(document));
}

function factsIn(file: string | boolean | undefined, root: string): Facts {
  if (file === undefined) return {};
  const facts = evidenceIn(textOf(resolve(root, String(file)), String(file)));
  if (typeof facts === 'string') throw new UsageError(`${file} ${facts}`);
  return facts;
}

function textOf(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (problem) {
    throw new UsageError(
      `${shown} cannot be read (${(problem as NodeJS.ErrnoException).code}); --evidence names a file`,
    );
  }
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

/** With the manifest, which is written last. */
const allFilesOf = (ir: Ir): Map<string, string> =>
  new Map([...planWrite(emit(ir), NOTHING).desired].map(([path, bytes]) => [path, bytes.toString('utf8')]));

/** As git names a file's bytes. */
function digestOf(text: string, format: string): string {
  const bytes = Buffer.from(text);
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
