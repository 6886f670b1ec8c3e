/** Names of other places, as they may stand at a cursor. */
import { defaultName } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { declaredWithin, knownNames } from '../link/names.ts';
import { occurrencesIn } from '../link/occurrences.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { type NameKind, wholeName } from '../spec-schema/name-kinds.ts';
import { namesIn } from '../spec-schema/names-in.ts';
import type { Named } from '../spec-schema/text-names.ts';
import { type Cursor, MARK } from './cursor.ts';

export interface Candidate {
  kind: NameKind;
  /** Whole, for what is known of it. */
  name: string;
  /** What the text becomes. */
  text: string;
  part: 'key' | 'value';
}

export function candidatesAt(kind: Kind, cursor: Cursor, file: string, graph: Graph): Candidate[] {
  const stated = (cursor.value as { name?: unknown } | undefined)?.name;
  const name = typeof stated === 'string' ? stated : defaultName(file);
  const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
  const own = namesIn(kind, cursor.value, { name, folder, cursor: MARK });
  return own
    .filter(({ bare }) => bare.includes(MARK))
    .flatMap((named) => candidatesFor(named, own, graph).map((each) => ({ ...each, part: named.part })))
    .map((each) => ({ ...each, text: `${each.part === 'value' ? before(each, cursor) : ''}${each.text}` }));
}

type Bare = Omit<Candidate, 'part'> & { from: number };

const before = ({ from }: Bare, { typed }: Cursor): string => typed.slice(0, from);

function candidatesFor(named: Named, own: readonly Named[], graph: Graph): Bare[] {
  const { kind, scope, rule } = named;
  const from = named.range?.[0] ?? 0;
  const names = named.isDefinition ? awaited(named, graph) : known(named, own, graph);
  const found = names.map((bare) => ({ kind, name: wholeName(kind, scope, bare), text: bare, from }));
  // A function's file is never meant alone.
  if (kind === 'file')
    return found.filter(({ text }) => !/(^|\/)test/.test(text)).flatMap((each) => functionsOf(each, graph));
  const isLast = kind === rule.kind;
  return isLast && rule.all !== undefined && scope !== null
    ? [...found, { kind: rule.form[0]?.kind ?? kind, name: scope, text: rule.all, from }]
    : found;
}

const functionsOf = ({ name: file, text, from }: Bare, graph: Graph): Bare[] =>
  [...knownNames('function', file, graph)].map((bare) => ({
    kind: 'function',
    name: wholeName('function', file, bare),
    text: `${text}:${bare}`,
    from,
  }));

/** Declared names; where none is declared, the names that others use. */
function known(named: Named, own: readonly Named[], graph: Graph): string[] {
  const { kind, scope, path } = named;
  const isAround = (each: Named): boolean => each.path.every((step, index) => step === path[index]);
  const around = own.filter((each) => each.isDefinition && isAround(each)).map(({ name }) => name);
  const here = own.filter((each) => each.isDefinition && each.kind === kind && each.scope === scope);
  const all = [...here.map(({ bare }) => bare), ...knownNames(kind, scope, graph)];
  return [...new Set(all.length > 0 ? all : referred(named, graph))].filter(
    (bare) => !bare.includes(MARK) && !around.includes(wholeName(kind, scope, bare)),
  );
}

/** Names that others refer to and nobody declares. */
const awaited = (named: Named, graph: Graph): string[] =>
  referred(named, graph).filter((bare) => !declaredWithin(named.kind, named.scope, graph).has(bare));

const referred = ({ kind, scope }: Named, graph: Graph): string[] => [
  ...new Set(
    graph.declared
      .flatMap(occurrencesIn)
      .filter((each) => !each.isDefinition && each.kind === kind && each.scope === scope)
      .map(({ bare }) => bare),
  ),
];
