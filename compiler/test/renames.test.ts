/** A name is no more than a name: another one for it, wherever it stands, gives the same platform by that name. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { RenameRefused, rename, respelling, sharing } from '../editor/rename.ts';
import type { Ir } from '../ir/types.ts';
import type { Graph } from '../link/graph.ts';
import { type Occurrence, occurrencesIn } from '../link/occurrences.ts';
import { edited } from '../source/edited.ts';
import { isSame } from '../spec-schema/name-kinds.ts';
import { soundPlatforms } from './platforms.ts';
import { asSources } from './sources.ts';

/** Sorts behind what it was like it did before, and stands in no name. */
const ENDING = 'zq';

type Files = ReadonlyMap<string, string>;

interface Compiled {
  graph: Graph;
  ir: Ir | null;
  findings: Finding[];
}

function compile(files: Files): Compiled {
  const { graph, ir, findings } = analyse(asSources(files));
  if (!graph) throw new Error('there is no platform');
  return { graph, ir, findings };
}

const respelt = (files: Files, edits: ReturnType<typeof rename>): Files =>
  new Map([...files, ...edited(asSources(files), [{ title: '', safe: true, edits }]).texts]);

/** Each declared name once, where its declaration is written out. */
const declarations = ({ graph }: Compiled): Occurrence[] => {
  const written = graph.declared.flatMap(occurrencesIn).filter(({ isDefinition, range }) => isDefinition && range);
  return written.filter((each, index) => written.findIndex((other) => isSame(other, each)) === index);
};

const RENAMED = ['owner', 'connection', 'environment', 'feature', 'step', 'alert', 'policy rule'];

/** By the old name, and without what is worked out from the letters of names: digests, and ports that nobody states. */
const byOldName = (ir: Ir | null): string => {
  const text = JSON.stringify(ir)
    .replaceAll(ENDING, '')
    .replace(/"(specDigest|ownDigest)":"[^"]*"/g, '"$1":""')
    .replace(/"port":2\d{4}\b/g, '"port":0');
  return JSON.stringify(JSON.parse(text, byNames));
};

/** Lists stand in the order of names, which another name may change. */
const byNames = (_: string, value: unknown): unknown =>
  Array.isArray(value) && value.every((each) => typeof each?.name === 'string')
    ? value.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    : value;

const shown = ({ kind, name }: Occurrence, more: string): string => `${kind} ${name}: ${more}`;

function unlessRefused<T>(work: () => T): T | string {
  try {
    return work();
  } catch (problem) {
    if (problem instanceof RenameRefused) return problem.message;
    throw problem;
  }
}

test('what an editor renames compiles to the same by another name, and back to the same bytes', () => {
  const done = new Map<string, number>();
  const refused: string[] = [];
  const wrong: string[] = [];
  for (const { files } of soundPlatforms()) {
    const before = compile(files);
    for (const each of declarations(before).filter(({ kind }) => RENAMED.includes(kind))) {
      const fresh = `${each.bare}${ENDING}`;
      const edits = unlessRefused(() => rename(each, fresh, before.graph));
      if (typeof edits === 'string') {
        refused.push(edits);
        continue;
      }
      const there = respelt(files, edits);
      const after = compile(there);
      const name = each.name.slice(0, each.name.length - each.bare.length) + fresh;
      const back = respelt(there, rename({ kind: each.kind, name }, each.bare, after.graph));
      const text = ({ code, message }: Finding): string => `${code} ${message}`;
      if (after.findings.length > 0) wrong.push(shown(each, after.findings.map(text).join()));
      else if (byOldName(after.ir) !== byOldName(before.ir)) wrong.push(shown(each, 'another platform'));
      if ([...files].some(([path, text]) => back.get(path) !== text)) wrong.push(shown(each, 'other bytes'));
      done.set(each.kind, (done.get(each.kind) ?? 0) + 1);
    }
  }
  assert.equal(wrong, []);
  assert.equal(refused, [
    "What states no owner in the folder features/merchants belongs to 'merchants' by its name: rename by hand.",
  ]);
  assert.equal([...done.keys()].sort(), [...RENAMED].sort());
  console.log(`figure: renamed there and back: ${[...done].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
});

test('another name for anything else is found by the compiler, or compiles to the same by that name', () => {
  const done = new Map<string, { found: number; same: number }>();
  const wrong: string[] = [];
  for (const { files } of soundPlatforms()) {
    const before = compile(files);
    for (const each of declarations(before).filter(({ kind }) => !RENAMED.includes(kind))) {
      const names = sharing(each, before.graph);
      const after = compile(respelt(files, respelling(names, `${each.bare}${ENDING}`, before.graph)));
      const isFound = after.findings.length > 0;
      if (!isFound && byOldName(after.ir) !== byOldName(before.ir)) wrong.push(shown(each, 'another platform'));
      const { found, same } = done.get(each.kind) ?? { found: 0, same: 0 };
      done.set(each.kind, { found: found + Number(isFound), same: same + Number(!isFound) });
    }
  }
  assert.equal(wrong, []);
  const counts = [...done].map(([kind, { found, same }]) => `${kind} ${found}/${same}`);
  console.log(`figure: other names in the specs alone, found/the same: ${counts.join(', ')}`);
});

test.run();
