/** A name that every JavaScript object knows, such as `constructor`, is a name like any other. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { respelling, sharing } from '../editor/rename.ts';
import type { Graph } from '../link/graph.ts';
import { type Occurrence, occurrencesIn, statedAt } from '../link/occurrences.ts';
import { edited } from '../source/edited.ts';
import { soundPlatforms } from './platforms.ts';
import { asSources } from './sources.ts';

/** With a name that no object has, and that is sorted to the same place. (`__proto__` is no name at all: YML007.) */
const PAIRS = [
  ['constructor', 'constructos'],
  ['valueOf', 'valueOg'],
  ['toString', 'toStrinh'],
  ['hasOwnProperty', 'hasOwnPropertz'],
] as const;

type Files = ReadonlyMap<string, string>;

const withEdits = (files: Files, edits: ReturnType<typeof respelling>): Files =>
  new Map([...files, ...edited(asSources(files), [{ title: '', safe: true, edits }]).texts]);

const graphOf = (files: Files): Graph => {
  const { graph } = analyse(asSources(files));
  if (!graph) throw new Error('there is no platform');
  return graph;
};

/** What the compiler says and makes, by the other name; help and fixes go by the distance of letters. */
function outcome(files: Files, name: string, as: string): string {
  const { findings, ir } = analyse(asSources(files));
  const said = findings.map(({ code, at, message, related }: Finding) => ({ code, at, message, related }));
  return JSON.stringify([said, ir])
    .replaceAll(name, as)
    .replace(/"(specDigest|ownDigest|port)":[^,}]*/g, '"$1"');
}

const described = ({ kind, name, path }: Occurrence, to: string): string =>
  `${kind} ${name} → ${to} at ${path.join('/')}`;

/** One for each place in the schemas where a name may stand: the others are of the same kind. */
const ofEachRule = (all: readonly Occurrence[]): Occurrence[] => {
  const written = all.filter(({ range }) => range);
  return written.filter(
    ({ rule, kind }, index) => written.findIndex((other) => other.rule === rule && other.kind === kind) === index,
  );
};

test('a declared name that every object has compiles as any other', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const { files } of soundPlatforms()) {
    const graph = graphOf(files);
    for (const each of ofEachRule(graph.declared.flatMap(occurrencesIn).filter(({ isDefinition }) => isDefinition))) {
      const [inherited, plain] = PAIRS[0];
      const renamed = (to: string): Files => withEdits(files, respelling(sharing(each, graph), to, graph));
      if (outcome(renamed(inherited), inherited, plain) !== outcome(renamed(plain), plain, plain))
        wrong.push(described(each, inherited));
      count += 1;
    }
  }
  assert.equal(wrong, []);
  console.log(`figure: ${count} declared names compile as any other where they are called 'constructor'`);
});

test('a reference by a name that every object has is found as any other', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const { files } of soundPlatforms()) {
    const graph = graphOf(files);
    const references = ofEachRule(graph.declared.flatMap(occurrencesIn).filter(({ isDefinition }) => !isDefinition));
    for (const [index, each] of references.entries()) {
      const [inherited, plain] = PAIRS[index % PAIRS.length] as (typeof PAIRS)[number];
      const written = (to: string): Files =>
        withEdits(files, [{ at: statedAt(each), from: each.rule.form.length > 1 ? null : each.bare, to }]);
      if (outcome(written(inherited), inherited, plain) !== outcome(written(plain), plain, plain))
        wrong.push(described(each, inherited));
      count += 1;
    }
  }
  assert.equal(wrong, []);
  console.log(`figure: ${count} references by inherited names are found as any other`);
});

test.run();
