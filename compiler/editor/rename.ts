import type { Edit, Finding } from '../diagnostics/diagnostic.ts';
import type { Graph } from '../link/graph.ts';
import { declaredWithin, occurrencesOf } from '../link/names.ts';
import { type Occurrence, occurrencesIn } from '../link/occurrences.ts';
import { isSame, type Name, type NameKind } from '../spec-schema/name-kinds.ts';
import { findAll } from './find.ts';

/** Names whose every place is known, in specs and in code. */
const RENAMED = new Set<NameKind>(['feature', 'owner', 'connection', 'environment', 'step', 'alert', 'policy rule']);

/** What else has the name of the others. */
const ELSEWHERE: Partial<Record<NameKind, string>> = {
  table: 'parameters and stored data',
  column: 'stored data',
  'join key': 'stored data and requests',
  'request field': 'what callers send',
  service: 'a host, which any text may hold',
  volume: 'stored data',
  secret: 'what holds the value',
  file: 'a file',
  function: 'Python code that others may call',
  parameter: 'Python code that others may call',
};
const STORED = 'a file or folder, and of what the tools have stored';

export class RenameRefused extends Error {}

/**
 * Edits that give a name another spelling wherever it stands; refused in a sentence where one can see that it would not
 * do. Whether the compiler takes the result is asked with `refuseFindings`.
 */
export function rename(name: Name, to: string, graph: Graph): Edit[] {
  refuseUnknown(name);
  const names = sharing(name, graph);
  const texts = names.flatMap((each) => occurrencesOf(each, graph));
  refuseForm(texts.find(({ isDefinition }) => isDefinition) ?? texts[0], to);
  for (const each of texts) {
    refuseAsked(each, name);
    refuseTaken(each, to, graph);
  }
  if (name.kind === 'owner') for (const each of [name.name, to]) refuseFolder(each, graph);
  return respelling(names, to, graph);
}

/** Edits for each place of some names, in specs and in Python. */
export function respelling(names: readonly Name[], to: string, graph: Graph): Edit[] {
  const places = names.flatMap((each) => findAll(each, graph)).map(({ at }) => at);
  const edits = new Map(places.map((at) => [`${at.file}:${at.line}:${at.column}`, { at, from: null, to }]));
  return [...edits.values()];
}

/** Refuses what the compiler would find once it is done, and does not find now. */
export function refuseFindings(to: string, now: readonly Finding[], then: readonly Finding[]): void {
  const left = new Map<string, number>();
  for (const each of now.map(identity)) left.set(each, (left.get(each) ?? 0) + 1);
  const fresh = then.filter((each) => {
    const known = left.get(identity(each)) ?? 0;
    left.set(identity(each), known - 1);
    return known <= 0;
  });
  const worst = fresh.find(({ severity }) => severity === 'error') ?? fresh[0];
  if (!worst) return;
  const { code, rule, at, message } = worst;
  throw new RenameRefused(
    `With the name '${to}' there would be a new finding, ${rule ?? code} at ${at.file}:${at.line}: ${message}`,
  );
}

/** The message may hold the name, and its columns move; the line stays. */
const identity = ({ code, rule, at }: Finding): string => JSON.stringify([code, rule, at.file, at.line]);

export function refuseUnknown({ kind }: Name): void {
  if (RENAMED.has(kind)) return;
  const also = `its name is also that of ${ELSEWHERE[kind] ?? STORED}`;
  throw new RenameRefused(`${capital(withArticle(kind))} cannot be renamed by itself: ${also}.`);
}

/** The name, and all that go by the same texts: a feature is a column, and may be another view's feature, too. */
export function sharing(name: Name, graph: Graph): Name[] {
  const names = [name];
  // It grows while it is walked.
  for (const each of names)
    for (const mate of occurrencesOf(each, graph).flatMap(mates))
      if (!names.some((known) => isSame(known, mate))) names.push(mate);
  return names;
}

const mates = (occurrence: Occurrence): Name[] =>
  occurrence.range === null
    ? []
    : occurrencesIn(occurrence.declared)
        .filter((each) => textOf(each) === textOf(occurrence))
        .map(({ kind, name }) => ({ kind, name }));

const textOf = ({ path, part, range }: Occurrence): string => JSON.stringify([path, part, range]);

function refuseForm(declaration: Occurrence | undefined, to: string): void {
  const { pattern = '', 'x-expected': expected = 'a name' } = declaration?.schema ?? {};
  if (!new RegExp(pattern, 'u').test(to)) throw new RenameRefused(`'${to}' is not ${expected}.`);
}

function refuseAsked({ kind, as, bare }: Occurrence, renamed: Name): void {
  if (kind === 'request field' && kind !== renamed.kind)
    throw new RenameRefused(
      `Callers of ${as} give '${bare}' with each request, and would have to change: rename it by hand.`,
    );
}

function refuseTaken({ kind, scope, bare }: Occurrence, to: string, graph: Graph): void {
  if (bare !== to && declaredWithin(kind, scope, graph).has(to))
    throw new RenameRefused(`There is ${withArticle(kind)} '${to}' already.`);
}

/** What states no owner belongs to the one that its folder is called like. */
function refuseFolder(owner: string, { declared }: Graph): void {
  const found = declared.find(({ spec, value }) => !('owner' in value) && spec.folder.split('/').includes(owner));
  if (found)
    throw new RenameRefused(
      `What states no owner in the folder ${found.spec.folder} belongs to '${owner}' by its name: rename by hand.`,
    );
}

const withArticle = (word: string): string => `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
