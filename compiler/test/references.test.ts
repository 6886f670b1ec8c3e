/** What the schemas say of names holds in whole platforms: each stands where it is said to, and leads to one place. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalog } from '../catalog.ts';
import { codeOf } from '../checks/unknown-names.ts';
import { analyse } from '../compile.ts';
import { findAll } from '../editor/find.ts';
import type { Graph } from '../link/graph.ts';
import { knownNames } from '../link/names.ts';
import { bareAt, type Occurrence, occurrencesIn } from '../link/occurrences.ts';
import common from '../spec-schema/common.schema.json' with { type: 'json' };
import { type NameKind, nameKinds } from '../spec-schema/name-kinds.ts';
import { type Position, positions, type Rule } from '../spec-schema/positions.ts';
import { type Schema, schemas } from '../spec-schema/schemas.ts';
import { soundPlatforms } from './platforms.ts';
import { asSources } from './sources.ts';

interface Platform {
  name: string;
  files: ReadonlyMap<string, string>;
  graph: Graph;
  occurrences: Occurrence[];
}

const platforms = soundPlatforms().map(({ name, files }): Platform => {
  const { graph } = analyse(asSources(files));
  if (!graph) throw new Error(`${name} has no platform`);
  return { name, files, graph, occurrences: graph.declared.flatMap(occurrencesIn) };
});

const shown = ({ kind, name, declared, path }: Occurrence): string =>
  `${kind} ${name} at ${declared.spec.path}: ${path.join('/')}`;

test('a name stands where the walker says it does', () => {
  let count = 0;
  for (const { files, occurrences } of platforms)
    for (const each of occurrences.filter(({ range }) => range !== null)) {
      const { file, line, column, endLine, endColumn } = bareAt(each);
      assert.is(line, endLine);
      assert.is(
        files
          .get(file)
          ?.split('\n')
          [line - 1]?.slice(column - 1, endColumn - 1),
        each.bare,
        shown(each),
      );
      count += 1;
    }
  const kinds = new Set(platforms.flatMap(({ occurrences }) => occurrences.map(({ kind }) => kind)));
  console.log(`figure: ${count} names of ${kinds.size} kinds stand where the walker says`);
});

/** What is declared outside of the repository. */
const OUTSIDE: readonly NameKind[] = ['secret', 'alias'];

test('a reference leads to exactly one declaration', () => {
  const led = new Map<string, number>();
  const wrong: string[] = [];
  for (const { graph, occurrences } of platforms)
    for (const each of occurrences.filter(({ isDefinition, kind }) => !isDefinition && !OUTSIDE.includes(kind))) {
      const how = leadsTo(each, graph);
      led.set(how, (led.get(how) ?? 0) + 1);
      if (how === 'nothing' || how === 'several') wrong.push(`${shown(each)}: ${how}`);
    }
  console.log(`figure: references lead to ${[...led].map(([how, count]) => `${how}: ${count}`).join(', ')}`);
  assert.equal(wrong, []);
  assert.ok((led.get('a declaration') ?? 0) > 140);
});

function leadsTo(each: Occurrence, graph: Graph): string {
  const declared = findAll(each, graph).filter(({ isDefinition }) => isDefinition);
  if (declared.length > 0) return declared.length === 1 ? 'a declaration' : 'several';
  if (knownNames(each.kind, each.scope, graph).has(each.bare)) return 'what the platform brings';
  const isOpen = each.kind === 'column' && !graph.tables.get(each.scope ?? '')?.writes.some(({ columns }) => columns);
  return isOpen ? 'a column whose writer states none' : 'nothing';
}

/** Fields that look like a name of something say what of, or `null` that they are words of one's own. */
const { $defs: forms } = common;
const NAMES: readonly string[] = [forms.name.pattern, forms.label.pattern];
const MEASURES: readonly string[] = [
  forms.duration,
  forms.age,
  forms.memory,
  forms.latency,
  forms.share,
  forms.date,
].map(({ pattern }) => pattern);
const WORDS = new RegExp(`\\b(${Object.keys(nameKinds).join('|')}|view|entitie|aliase|networke)s?\\b`, 'i');

/** Places of texts and keys that suggest a name, and say nothing of it. */
function silent(schema: Schema, path: string, list: Schema | null = null): string[] {
  const says = (each: Schema, ...keywords: (keyof Schema)[]): boolean => keywords.some((keyword) => keyword in each);
  const isTold = [schema, ...(list ? [list] : [])].some((each) => says(each, 'x-declares', 'x-refers-to'));
  const keys = schema.propertyNames ?? (schema.additionalProperties ? {} : null);
  const areKeysTold = says(schema, 'x-keys-declare', 'x-keys-refer-to');
  const { properties = {}, additionalProperties: others, items } = schema;
  return [
    ...(suggests(schema, path) && !isTold ? [path] : []),
    ...(keys && suggests({ ...keys, type: 'string', description: schema.description ?? '' }, path) && !areKeysTold
      ? [`${path} (its keys)`]
      : []),
    ...Object.entries(properties).flatMap(([key, each]) => silent(each, `${path}/${key}`)),
    ...(typeof others === 'object' ? silent(others, `${path}/*`) : []),
    ...(items ? silent(items, `${path}/-`, schema) : []),
  ];
}

function suggests({ type, pattern = '', description = '', ...rest }: Schema, path: string): boolean {
  if (![type].flat().includes('string') || rest.enum || MEASURES.includes(pattern)) return false;
  return NAMES.includes(pattern) || WORDS.test(path.slice(path.lastIndexOf('/') + 1)) || WORDS.test(description);
}

/** Every rule of the schemas, with the place of its field. */
function rulesBelow(position: Position | null, path: string): [Rule, string][] {
  if (!position) return [];
  const { value, keys, properties, others, items } = position;
  return [
    ...[...value, ...keys].flat().map((rule): [Rule, string] => [rule, path]),
    ...[...properties].flatMap(([key, each]) => rulesBelow(each, `${path}/${key}`)),
    ...rulesBelow(others, `${path}/*`),
    ...rulesBelow(items, `${path}/-`),
  ];
}

/** Kinds of names whose unknown ones are not told from known ones, or in a way of their own. */
const OTHERWISE: readonly NameKind[] = [...OUTSIDE, 'table', 'parameter'];

test('an unknown name is a finding, wherever the schemas speak of one', () => {
  const rules = Object.entries(positions).flatMap(([kind, position]) => rulesBelow(position, kind));
  const references = rules.filter(
    ([{ isDefinition, unknown, kind }]) => !isDefinition && unknown !== null && !OTHERWISE.includes(kind),
  );
  const silent = references.filter(([rule]) => !Object.hasOwn(catalog, codeOf({ kind: rule.kind, rule }) ?? ''));
  assert.equal(
    silent.map(([, path]) => path),
    [],
  );
  const told = new Set(references.map(([{ kind }]) => kind));
  console.log(
    `figure: ${rules.length} fields and keys name something; unknown names of ${told.size} kinds are told by one check`,
  );
  assert.ok(references.length > 20);
});

test('a field that looks like a name says what it is the name of', () => {
  assert.equal(
    Object.entries(schemas).flatMap(([kind, schema]) => silent(schema, kind)),
    [],
  );
});

test.run();
