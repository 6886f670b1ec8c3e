/** One cause, one finding: each declared name of the sound platforms, made bad in turn wherever it stands. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse } from '../compile.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { respelling, sharing } from '../editor/rename.ts';
import { OWN_LOGS } from '../ir/monitoring.ts';
import { MODEL_VERSION, PREDICTION } from '../link/derived-names.ts';
import type { Graph } from '../link/graph.ts';
import { bareAt, type Occurrence, occurrencesIn } from '../link/occurrences.ts';
import { edited } from '../source/edited.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { isSame, type NameKind, nameKinds } from '../spec-schema/name-kinds.ts';
import table from '../spec-schema/reserved-names.json' with { type: 'json' };
import { schemaAt } from '../spec-schema/schemas.ts';
import { soundPlatforms } from './platforms.ts';
import { asSources } from './sources.ts';

interface Platform {
  files: ReadonlyMap<string, string>;
  graph: Graph;
  /** Each declared name once, where its declaration is written out. */
  declarations: Occurrence[];
}

const platforms = soundPlatforms().map(({ files }): Platform => {
  const { graph } = analyse(asSources(files));
  if (!graph) throw new Error('there is no platform');
  const written = graph.declared.flatMap(occurrencesIn).filter(({ isDefinition, range }) => isDefinition && range);
  const once = written.filter((each, index) => written.findIndex((other) => isSame(other, each)) === index);
  return { files, graph, declarations: once };
});

const KEYWORDS = table.find(({ because }) => because.includes('keyword'))?.names?.split(' ') ?? [];

type Change = (platform: Platform, each: Occurrence, to: string) => Map<string, string>;

/** Python that does not parse would be a second fault. */
const respelt = (path: string, text: string, each: Occurrence, to: string): string =>
  path.endsWith('.py') && KEYWORDS.includes(to) ? text : text.replaceAll(new RegExp(`\\b${each.bare}\\b`, 'g'), to);

/** As somebody does who knows no better: wherever the name stands, in specs and code. */
const everywhere: Change = ({ files, graph }, each, to) =>
  // A table is also a parameter, a join key also a column of tables that it does not name.
  ['table', 'join key'].includes(each.kind)
    ? new Map([...files].map(([path, text]) => [path, respelt(path, text, each, to)]))
    : edited(asSources(files), [{ title: '', safe: true, edits: respelling(sharing(each, graph), to, graph) }]).texts;

const atDeclaration: Change = ({ files }, each, to) =>
  edited(asSources(files), [{ title: '', safe: true, edits: [{ at: bareAt(each), from: null, to }] }]).texts;

const findingsWith = (platform: Platform, each: Occurrence, to: string, change: Change): Finding[] =>
  analyse(asSources(new Map([...platform.files, ...change(platform, each, to)]))).findings;

const said = ({ code, at, message }: Finding): string => `${code} ${at.file}:${at.line} ${message}`;
const shown = (each: Occurrence, to: string, findings: readonly Finding[]): string =>
  [`${each.kind} ${each.name} → ${to}`, ...findings.map(said)].join('\n    ');

test('each position of the table is a kind of name or a field, and what the platform uses is in it', () => {
  for (const position of table.flatMap(({ positions }) => positions)) {
    const [kind = '', ...path] = position.split('/');
    assert.ok(path.length === 0 ? Object.hasOwn(nameKinds, kind) : schemaAt(kind as Kind, path), position);
  }
  const reserved = (kind: NameKind): string[] =>
    table.filter(({ positions }) => positions.includes(kind)).flatMap(({ names }) => names?.split(' ') ?? []);
  assert.ok(reserved('log index').includes(OWN_LOGS.template));
  for (const column of [PREDICTION, MODEL_VERSION]) assert.ok(reserved('join key').includes(column), column);
});

/** Words of the table, and for each pattern one that has its form. */
const FORMS: Record<string, string> = {
  _y$: 'stay_y',
  __ts$: 'orders__ts',
  '^pg_': 'pg_class',
  '__(stream|events|states|[0-9a-f]{12})$': 'orders__stream',
  '[._]dead_letter$': 'orders.dead_letter',
};

test('a reserved name is one finding', () => {
  const wrong: string[] = [];
  const done = new Map<string, number>();
  for (const { positions, names, pattern } of table) {
    const words = [...(names?.split(' ').slice(0, 2) ?? []), ...(pattern ? [FORMS[pattern] as string] : [])];
    for (const platform of platforms.slice(0, 1))
      for (const kind of positions) {
        const [each] = platform.declarations.filter((one) => one.kind === kind);
        if (!each) continue;
        for (const to of words) {
          const findings = findingsWith(platform, each, to, everywhere);
          if (findings.length !== 1 || findings[0]?.code !== 'SPC013') wrong.push(shown(each, to, findings));
          done.set(kind, (done.get(kind) ?? 0) + 1);
        }
      }
  }
  assert.equal(wrong.join('\n'), '');
  console.log(`figure: reserved names, one finding each: ${[...done].map((entry) => entry.join(' ')).join(', ')}`);
});

test('a file whose name no spec can have is one finding', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const { files, graph } of platforms)
    for (const { spec, value } of graph.declared) {
      if ('name' in value || spec.kind === 'Platform') continue;
      const home = /(pipeline|model)\.yaml$/.test(spec.path) ? `${spec.folder}/` : spec.path;
      const renamed = home.replace(
        /([^/]+)(\/?)$/,
        (_, name: string, end: string) => name.toUpperCase().replace('.YAML', '.yaml') + end,
      );
      const moved = new Map([...files].map(([path, text]) => [path.replace(home, renamed), text]));
      const { findings } = analyse(asSources(moved));
      count += 1;
      if (findings.length !== 1 || findings[0]?.code !== 'SPC010')
        wrong.push([renamed, ...findings.map(said)].join('\n    '));
    }
  assert.equal(wrong.join('\n'), '');
  assert.ok(count > 10);
});

test('an ill-formed name is one finding', () => {
  const wrong: string[] = [];
  for (const platform of platforms)
    for (const each of platform.declarations) {
      const findings = findingsWith(platform, each, 'Bad*Name', atDeclaration);
      if (findings.length !== 1 || findings[0]?.code !== 'SPC010') wrong.push(shown(each, 'Bad*Name', findings));
    }
  assert.equal(wrong.join('\n'), '');
});

test('a name that another has is one finding', () => {
  const wrong: string[] = [];
  for (const platform of platforms)
    for (const each of platform.declarations) {
      const other = platform.declarations.find(
        (one) => one.kind === each.kind && one.scope === each.scope && one !== each,
      );
      if (!other) continue;
      const findings = findingsWith(platform, each, other.bare, atDeclaration);
      if (findings.length !== 1) wrong.push(shown(each, other.bare, findings));
    }
  assert.equal(wrong.join('\n'), '');
});

test.run();
