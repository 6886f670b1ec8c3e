/** Another name for something, asked for by what it is called. */
import { analyse } from '../compile.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import type { Graph } from '../link/graph.ts';
import { type Occurrence, occurrencesIn } from '../link/occurrences.ts';
import { edited } from '../source/edited.ts';
import type { Sources } from '../source/reading.ts';
import { isSame, type NameKind, nameKinds } from '../spec-schema/name-kinds.ts';
import { RenameRefused, refuseFindings, refuseUnknown, rename } from './rename.ts';

type Ir = NonNullable<ReturnType<typeof analyse>['ir']>;
type Side = { ir: Ir } & Pick<Sources, 'code' | 'locks'>;

export interface Renamed {
  kind: NameKind;
  /** The whole name that it had. */
  name: string;
  places: number;
  /** New texts of the changed files. */
  texts: Map<string, string>;
  before: Side;
  after: Side;
}

/** What was named is not there, or could be several things. */
export class UnknownName extends Error {}

/** Everything is worked out and compiled before anything is written. */
export function renameIn(sources: Sources, kind: string, old: string, to: string, today?: string): Renamed {
  const now = analyse(sources, today);
  if (!now.graph || !now.ir)
    throw new OperationError('The specs have errors, so nothing is renamed; `mlops validate` shows them.', 1);
  const found = declared(now.graph, kindOf(kind), old);
  try {
    refuseUnknown(found);
    if (found.bare === to) throw new RenameRefused(`It is called '${printable(to)}' already.`);
    const edits = rename(found, to, now.graph);
    const { texts, fixes, sources: changed } = edited(sources, [{ title: '', safe: true, edits }]);
    if (fixes.length === 0) throw new RenameRefused(`'${old}' stands where it cannot be replaced; rename it by hand.`);
    const then = analyse(changed, today);
    refuseFindings(to, now.findings, then.findings);
    if (!then.ir) throw new RenameRefused(`With the name '${to}' the specs do not compile.`);
    const side = ({ code, locks }: Sources, ir: Ir): Renamed['before'] => ({ ir, code, locks });
    const [before, after] = [side(sources, now.ir), side(changed, then.ir)];
    return { kind: found.kind, name: found.name, places: edits.length, texts, before, after };
  } catch (problem) {
    if (problem instanceof RenameRefused)
      throw new OperationError(`${printable(problem.message)} Nothing was changed.`, 1);
    throw problem;
  }
}

function kindOf(word: string): NameKind {
  const kinds = Object.keys(nameKinds) as NameKind[];
  const meant = { view: 'feature view', rule: 'policy rule' }[word] ?? word;
  const found = kinds.find((each) => each === meant || each.replace(' ', '-') === meant);
  if (found) return found;
  const near = nearest(word, kinds);
  throw new UnknownName(`'${printable(word)}' is no kind of name${near ? `; did you mean '${near}'?` : ''}`);
}

/** By its whole name (`view.feature`, or `view/feature`), or by its own where only one thing has that. */
function declared(graph: Graph, kind: NameKind, old: string): Occurrence {
  const all = graph.declared.flatMap(occurrencesIn).filter((each) => each.kind === kind && each.isDefinition);
  const unique = all.filter((each, index) => all.findIndex((other) => isSame(other, each)) === index);
  const whole = unique.find(({ name }) => name === old || name === old.replace('/', '.'));
  const [first, ...others] = whole ? [whole] : unique.filter(({ bare }) => bare === old);
  if (first && others.length === 0) return first;
  if (first)
    throw new UnknownName(
      `there are several: ${[first, ...others].map(({ name }) => name).join(', ')}; name one of them wholly`,
    );
  const near = nearest(old, new Set(unique.flatMap(({ name, bare }) => [name, bare])));
  throw new UnknownName(`there is no ${kind} '${printable(old)}'${near ? `; did you mean '${near}'?` : ''}`);
}
