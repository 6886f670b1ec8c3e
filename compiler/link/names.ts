/** Names across the repository: where each is declared and used, and which there are. */
import { NETWORKS } from '../ir/environments.ts';
import { isSame, type Name, type NameKind } from '../spec-schema/name-kinds.ts';
import { containersOf } from './containers.ts';
import { codeBelow, type Graph } from './graph.ts';
import { type Occurrence, occurrencesIn } from './occurrences.ts';
import type { Signature } from './python.ts';

export const occurrencesOf = (name: Name, graph: Graph): Occurrence[] =>
  graph.declared.flatMap((declared) => occurrencesIn(declared).filter((each) => isSame(each, name)));

/** By kind and what they stand within, then by bare name. */
type Declarations = Map<string, Map<string, Occurrence[]>>;

const known = new WeakMap<Graph, Declarations>();

/** What specs declare of a kind within something. */
export function declaredWithin(kind: NameKind, scope: string | null, graph: Graph): ReadonlyMap<string, Occurrence[]> {
  const index = known.get(graph) ?? indexed(graph);
  known.set(graph, index);
  return index.get(within(kind, scope)) ?? new Map();
}

const within = (kind: NameKind, scope: string | null): string => `${kind}\n${scope ?? ''}`;

function indexed(graph: Graph): Declarations {
  const index: Declarations = new Map();
  for (const each of graph.declared.flatMap(occurrencesIn)) {
    if (!each.isDefinition) continue;
    const key = within(each.kind, each.scope);
    const names = index.get(key) ?? new Map<string, Occurrence[]>();
    index.set(key, names);
    const places = names.get(each.bare);
    if (places) places.push(each);
    else names.set(each.bare, [each]);
  }
  return index;
}

/** Names that no spec declares: of the team's Python, and of what the platform brings. */
const others: Partial<Record<NameKind, (graph: Graph, scope: string) => Iterable<string>>> = {
  service: containersOf,
  network: () => NETWORKS,
  datasource: () => ['prometheus'],
  file: (graph, folder) => codeBelow(graph, folder).map((path) => path.slice(folder.length + 1)),
  function: (graph, file) => graph.module(file)?.functions.keys() ?? [],
  parameter: (graph, name) => signatureOf(name, graph)?.parameters.map((each) => each.name) ?? [],
};

const allKnown = new WeakMap<Graph, Map<string, ReadonlySet<string>>>();

/** Bare names of a kind within something, those of specs first. */
export function knownNames(kind: NameKind, scope: string | null, graph: Graph): ReadonlySet<string> {
  const sets = allKnown.get(graph) ?? new Map<string, ReadonlySet<string>>();
  allKnown.set(graph, sets);
  const key = within(kind, scope);
  const names =
    sets.get(key) ??
    new Set([...declaredWithin(kind, scope, graph).keys(), ...(others[kind]?.(graph, scope ?? '') ?? [])]);
  sets.set(key, names);
  return names;
}

export const isKnown = ({ kind, scope, bare }: Pick<Occurrence, 'kind' | 'scope' | 'bare'>, graph: Graph): boolean =>
  knownNames(kind, scope, graph).has(bare);

/** Of a function, by its whole name. */
export function signatureOf(name: string, graph: Graph): Signature | null {
  const colon = name.lastIndexOf(':');
  return graph.module(name.slice(0, colon))?.functions.get(name.slice(colon + 1)) ?? null;
}
