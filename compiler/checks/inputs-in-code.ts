import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { type Declared, featuresOf, keyAt, referencesOf } from '../link/declared.ts';
import { inputOf, partsOfInput } from '../link/derived-names.ts';
import { codeBelow, type Graph } from '../link/graph.ts';
import { placesIn } from '../source/locate.ts';
import type { Check } from './check.ts';
import { codes as tableCodes } from './tables.ts';

const { codes, finding } = defineCodes({}, { MOD001: tableCodes.MOD001 });

/**
 * The code of a model asks its rows only for inputs that its spec lists: by a column's text, not by a variable or a
 * docstring, nor for a column that the code itself makes.
 */
export const inputsInCode: Check = {
  codes,
  run: (graph) =>
    [...graph.models.values()].flatMap((model) => strangers(graph, model, codeBelow(graph, model.spec.folder))),
};

function strangers(graph: Graph, model: Declared<'Model'>, files: readonly string[]): Finding[] {
  const named = files.flatMap((file) => [...(graph.module(file)?.columns.named ?? [])]);
  const made = new Set(named.flatMap(([name, places]) => (places.some((each) => each.made) ? [name] : [])));
  return files.flatMap((file) => strange(graph, model, file, made));
}

/** A feature is the column `view__feature`. */
function strange(graph: Graph, model: Declared<'Model'>, file: string, made: ReadonlySet<string>): Finding[] {
  const inputs = new Set(
    referencesOf(model).flatMap(({ view, feature }) =>
      featuresOf(graph, view, feature).map((each) => inputOf(view, each)),
    ),
  );
  const unknown = [...(graph.module(file)?.columns.named ?? [])].filter(
    ([name]) => graph.views.has(partsOfInput(name)?.view ?? '') && !inputs.has(name) && !made.has(name),
  );
  const placeOf = placesIn(file, graph.code.get(file) ?? '');
  return unknown.map(([name, places]) =>
    noInput(
      model,
      name,
      [...inputs],
      places.map(({ at }) => placeOf(at, name.length)),
    ),
  );
}

function noInput(model: Declared<'Model'>, word: string, inputs: readonly string[], places: readonly Place[]): Finding {
  const mates = inputs.filter((each) => each.startsWith(inputOf(partsOfInput(word)?.view ?? '', '')));
  const otherwise =
    mates.length > 0 ? `from that view it has ${mates.join(', ')}` : "add the feature to the model's `features`";
  const { help, fix } = spelling(word, mates, otherwise);
  return finding('MOD001', places[0] as Place, `Model ${model.name} has no input '${word}'.`, {
    help,
    // Nothing but the code has the name, and it may be another frame's.
    fix: fix
      ? { ...fix, safe: false, edits: places.flatMap((at) => fix.edits.map((edit) => ({ ...edit, at }))) }
      : null,
    related: [{ message: 'its features are listed here', at: keyAt(model, 'features') }],
  });
}
