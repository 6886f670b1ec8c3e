/** `mlops new`: what is asked for becomes files that compile with the rest of the repository, or a sentence. No I/O. */
import { analyse } from '../compile.ts';
import { type Finding, hasErrors } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import type { Sources } from '../source/read.ts';
import { eject } from './eject.ts';
import { entity } from './entity.ts';
import { columnsOf, tablesOf } from './known.ts';
import { model } from './model.ts';
import { monitoring } from './monitoring.ts';
import { requireName } from './names.ts';
import { pipeline } from './pipeline.ts';
import { policy } from './policy.ts';
import { type Repository, type Settled, settle } from './settle.ts';
import { view } from './view.ts';
import type { Proposal, Question, Thing, Wanted } from './wanted.ts';

const makers: Record<Thing, (wanted: Wanted, graph: ResolvedGraph) => Proposal> = {
  entity,
  view,
  pipeline,
  model,
  policy,
  monitoring,
};

export interface Created extends Settled {
  /** What an ejected pipeline cannot say. */
  differs: string[];
}

/** Throws a sentence where the specs have errors: what is made could not be tried. */
export function openRepository(sources: Sources, today: string): Repository {
  const analysis = analyse(sources, today);
  if (!analysis.graph || hasErrors(analysis.findings))
    throw new OperationError(
      'The specs have errors, so nothing new can be tried with them; `mlops validate` shows them. (A folder without ' +
        'platform.yaml begins with `mlops init`.)',
      1,
    );
  return { sources, analysis, graph: analysis.graph, today };
}

/** The files, or what is to be said first. */
export function create(wanted: Wanted, repository: Repository): Created | Question {
  requireName(wanted, repository.graph);
  requireKnown(wanted, repository.graph);
  const proposal = makers[wanted.thing](wanted, repository.graph);
  if ('question' in proposal) return proposal.question;
  return { ...firstSettled(wanted, proposal.candidates, repository), differs: [] };
}

export function ejected(wanted: Wanted, repository: Repository): Created {
  if (wanted.thing !== 'pipeline')
    throw new OperationError('--eject writes a pipeline out: `mlops new pipeline train_MODEL --eject`.');
  requireTeam(wanted, repository.graph);
  const { files, differs } = eject(wanted, repository.graph);
  return { ...firstSettled(wanted, [files], repository), differs };
}

function firstSettled(
  { thing, name }: Wanted,
  candidates: readonly ReadonlyMap<string, string>[],
  repository: Repository,
): Settled {
  const refused: Finding[][] = [];
  // Where the organisation's own rules ask for more than can be known, the rest is left to a person.
  let wishing: Settled | null = null;
  for (const files of candidates) {
    const outcome = settle(files, repository);
    if (Array.isArray(outcome)) refused.push(outcome);
    else if (outcome.left.length === 0) return outcome;
    else wishing ??= outcome;
  }
  if (wishing) return wishing;
  const [first] = refused.sort((a, b) => a.length - b.length)[0] ?? [];
  throw new OperationError(
    `A new ${thing} '${name}' would not go with the rest of the repository, so nothing was written: ` +
      (first ? printable(`${first.at.file}:${first.at.line}: ${first.message}`) : '') +
      (first?.help ? ` (${first.code}: ${printable(first.help)})` : ''),
    1,
  );
}

/** Names of what is there already. */
function requireKnown(wanted: Wanted, graph: ResolvedGraph): void {
  requireTeam(wanted, graph);
  const { entity: named, fromTable, timestamp, label, views } = wanted;
  if (named !== null) known('entity', named, graph.entities.keys(), '`mlops new entity NAME` makes one');
  if (fromTable !== null) known('from-table', fromTable, tablesOf(graph), '`mlops new pipeline NAME` makes one');
  const columns = fromTable === null ? null : columnsOf(fromTable, graph);
  if (timestamp !== null)
    known(
      'timestamp',
      timestamp,
      [...(columns ?? [])].filter(([, type]) => type === 'timestamp').map(([name]) => name),
      '',
    );
  if (label !== null) known('label', label, columns?.keys() ?? [], 'it is a column of --from-table');
  for (const each of views ?? []) known('views', each, graph.views.keys(), '`mlops new view NAME` makes one');
}

const requireTeam = ({ team }: Wanted, graph: ResolvedGraph): void => {
  if (team !== null)
    known('team', team, Object.keys(graph.platform.value.owners), '`owners:` of platform.yaml lists them');
};

function known(option: string, given: string, there: Iterable<string>, otherwise: string): void {
  const names = [...there].sort();
  if (names.includes(given)) return;
  const near = nearest(given, names);
  const which = near
    ? `did you mean '${near}'?`
    : names.length > 0
      ? `there are ${names.join(', ')}.`
      : `there is none.`;
  throw new OperationError(
    `--${option} '${printable(given)}' is not here; ${which}${otherwise && !near ? ` (${otherwise})` : ''}`,
  );
}
