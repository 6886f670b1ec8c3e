import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { nearest, spelling } from '../diagnostics/nearest.ts';
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

/** A feature is the column `view__feature`. */
function strangers(graph: Graph, model: Declared<'Model'>, files: readonly string[]): Finding[] {
  const modules = files.flatMap((file) => graph.module(file) ?? []);
  const inputs = new Set(
    referencesOf(model).flatMap(({ view, feature }) =>
      featuresOf(graph, view, feature).map((each) => inputOf(view, each)),
    ),
  );
  const named = modules.flatMap(({ columns }) => [...columns.named]);
  const made = new Set(named.flatMap(([name, places]) => (places.some((each) => each.made) ? [name] : [])));
  const unused = new Set([...inputs].filter((input) => !modules.some(({ words }) => words.has(input))));
  // What the code makes is its own, unless it is nearly an input that the code has not, and asks for.
  const isOwn = (name: string): boolean => made.has(name) && nearest(name, unused) === null;
  const isStrange = (name: string): boolean =>
    graph.views.has(partsOfInput(name)?.view ?? '') && !inputs.has(name) && !isOwn(name);
  return files.flatMap((file) => {
    const strange = [...(graph.module(file)?.columns.named ?? [])].filter(([name]) => isStrange(name));
    const placeOf = placesIn(file, graph.code.get(file) ?? '');
    return strange.map(([name, places]) => {
      const shown = places.map(({ at }) => placeOf(at, name.length));
      return noInput(model, name, [...inputs], shown);
    });
  });
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
