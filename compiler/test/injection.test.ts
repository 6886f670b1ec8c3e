/**
 * Whatever a team writes into a description, a tag or a setting: it stays a value. The fixture is compiled
 * twice, with harmless words and with hostile texts in their place; the outputs may differ in nothing else.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { emit } from '../compile.ts';
import type { Environment, Ir } from '../ir/types.ts';
import type { Json } from '../render/json.ts';
import { anyText } from './arbitrary-text.ts';
import { environmentOf, fixtureIr } from './fixture.ts';
import { askPython } from './python-batch.ts';
import { runs } from './runs.ts';

const ir = fixtureIr();
const local = environmentOf(ir, 'local');

type Fill = (place: number) => string;

/** The IR with a text from `fill` in every field that people write freely. */
function filledIr(fill: Fill): Ir {
  let place = 0;
  const next = (): string => fill(place++);
  const tags = (): Record<string, string> => Object.fromEntries([1, 2].map(() => [next(), next()]));
  const described = <T extends object>(item: T) => ({ ...item, description: next(), owner: next(), tags: tags() });
  return {
    ...ir,
    connections: ir.connections.map((connection) => ({ ...connection, settings: tags() })),
    entities: ir.entities.map(described),
    featureViews: ir.featureViews.map((view) => ({
      ...described(view),
      features: view.features.map((feature) => ({ ...feature, description: next(), unit: next(), tags: tags() })),
    })),
    models: ir.models.map((model) => ({
      ...described(model),
      request: model.request.map((field) => ({ ...field, description: next(), unit: next() })),
      train: { ...model.train, with: { [next()]: next(), list: [next()], nested: { [next()]: next() } } },
    })),
    pipelines: ir.pipelines.map((pipeline) => ({
      ...pipeline,
      description: next(),
      owner: next(),
      tags: [next(), next()],
      steps: pipeline.steps.map((step) => ({ ...step, description: next(), run: withArguments(step.run, next) })),
    })),
  };
}

function withArguments(run: Ir['pipelines'][number]['steps'][number]['run'], next: () => string) {
  return run.kind === 'function' ? { ...run, with: { [next()]: next() } } : run;
}

function emitted(filled: Ir, environment: Environment): Map<string, string> {
  const artifacts = emit({ ...filled, environments: [environment] });
  return new Map(artifacts.map(({ path, content }) => [path, content]));
}

const word: Fill = (place) => `zq${place}z`;
const harmless = emitted(filledIr(word), local);

/** Texts that differ from each other, since some are keys; none is a number, which JavaScript would sort first. */
const hostile = fc.infiniteStream(anyText({ lone: true })).map((stream): Fill => {
  const texts: string[] = [];
  return (place) => {
    while (texts.length <= place) texts.push(`${stream.next().value}${texts.length}z`);
    return texts[place] as string;
  };
});

const rounds = fc.sample(hostile, runs(15));

/** The harmless output's value, with the hostile texts where its words are. */
function expected(value: Json, fill: Fill): Json {
  if (typeof value === 'string') return value.replace(/zq(\d+)z/g, (_, place) => fill(Number(place)));
  if (Array.isArray(value)) return value.map((each) => expected(each, fill));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [expected(key, fill), expected(inner, fill)]));
}

function assertData(extension: string, read: (text: string) => Json): void {
  const paths = [...harmless.keys()].filter((path) => path.endsWith(extension));
  assert.ok(paths.length > 0);
  for (const fill of rounds) {
    const output = emitted(filledIr(fill), local);
    for (const path of paths)
      assert.equal(read(output.get(path) ?? ''), expected(read(harmless.get(path) ?? ''), fill), path);
  }
}

test('JSON holds the texts as its values, and nothing else changes', () => {
  assertData('.json', (text) => JSON.parse(text));
});

test('YAML holds the texts as its values, and nothing else changes', () => {
  assertData('.yaml', (text) => parse(text));
});

test('Python keeps its syntax tree, and its strings hold the texts', () => {
  const pairs: { path: string; harmless: string; hostile: string; texts: string[] }[] = [];
  for (const fill of rounds) {
    const output = programs(emitted(filledIr(fill), local));
    const texts = Array.from({ length: 200 }, (_, place) => fill(place));
    for (const [path, source] of programs(harmless))
      pairs.push({ path, harmless: source, hostile: output.get(path) ?? '', texts });
  }
  assert.ok(pairs.length > 0);
  assert.equal(askPython(compareTrees, pairs), []);
});

/** Python files, and the code cells of notebooks. */
function programs(files: Map<string, string>): Map<string, string> {
  const found = [...files].flatMap(([path, content]) => {
    if (path.endsWith('.py')) return [[path, content] as const];
    if (!path.endsWith('.ipynb')) return [];
    const { cells } = JSON.parse(content) as { cells: { id: string; cell_type: string; source: string[] }[] };
    return cells
      .filter(({ cell_type }) => cell_type === 'code')
      .map(({ id, source }) => [`${path}#${id}`, source.join('')] as const);
  });
  return new Map(found);
}

const compareTrees = `
import ast, re

def differences(plain, other, texts, place):
    if type(plain) is not type(other):
        return [f"{place}: {type(plain).__name__} became {type(other).__name__}"]
    if isinstance(plain, ast.AST):
        pairs = [(getattr(plain, f, None), getattr(other, f, None)) for f in plain._fields if f != "kind"]
        # A docstring is wrapped, so only that it is one counts.
        if isinstance(plain, ast.Module) and ast.get_docstring(plain) is not None:
            values = [each.body[0].value.value for each in (plain, other)]
            pairs = [(plain.body[1:], other.body[1:]), (type(values[0]), type(values[1]))]
    elif isinstance(plain, list):
        if len(plain) != len(other):
            return [f"{place}: {len(plain)} nodes became {len(other)}"]
        pairs = list(zip(plain, other))
    else:
        if isinstance(plain, str):
            plain = re.sub(r"zq(\\d+)z", lambda word: texts[int(word[1])], plain)
        return [] if plain == other else [f"{place}: {plain!r} became {other!r}"]
    return [found for one, two in pairs for found in differences(one, two, texts, place)]

answers = []
for q in questions:
    trees = [ast.parse(q[key].encode()) for key in ("harmless", "hostile")]
    answers += differences(*trees, q["texts"], q["path"])
`;

test.run();
