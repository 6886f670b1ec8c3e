import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { type Declared, featuresOf, keyAt, referencesOf } from '../link/declared.ts';
import { inputOf, partsOfInput } from '../link/derived-names.ts';
import { codeBelow, type Graph } from '../link/graph.ts';
import { wordsIn } from '../link/python.ts';
import { placesIn } from '../source/locate.ts';
import type { Check } from './check.ts';
import { codes as tableCodes } from './tables.ts';

const { codes, finding } = defineCodes({}, { MOD001: tableCodes.MOD001 });

/** The code of a model uses only inputs that its spec lists. */
export const inputsInCode: Check = {
  codes,
  run: (graph) =>
    [...graph.models.values()].flatMap((model) =>
      codeBelow(graph, model.spec.folder).flatMap((file) => strange(graph, model, file)),
    ),
};

/** A feature is the column `view__feature`. */
function strange(graph: Graph, model: Declared<'Model'>, file: string): Finding[] {
  const inputs = new Set(
    referencesOf(model).flatMap(({ view, feature }) =>
      featuresOf(graph, view, feature).map((each) => inputOf(view, each)),
    ),
  );
  const unknown = [...(graph.module(file)?.words ?? [])].filter(
    (word) => graph.views.has(partsOfInput(word)?.view ?? '') && !inputs.has(word),
  );
  if (unknown.length === 0) return [];
  const text = graph.code.get(file) ?? '';
  const offsets = wordsIn(text);
  const placeOf = placesIn(file, text);
  return unknown.map((word) => {
    const places = (offsets.get(word) ?? []).map((offset) => placeOf(offset, word.length));
    return noInput(model, word, [...inputs], places);
  });
}

function noInput(model: Declared<'Model'>, word: string, inputs: readonly string[], places: readonly Place[]): Finding {
  const mates = inputs.filter((each) => each.startsWith(inputOf(partsOfInput(word)?.view ?? '', '')));
  const otherwise =
    mates.length > 0 ? `from that view it has ${mates.join(', ')}` : "add the feature to the model's `features`";
  const { help, fix } = spelling(word, mates, otherwise);
  return finding('MOD001', places[0] as Place, `Model ${model.name} has no input '${word}'.`, {
    help,
    fix: fix ? { ...fix, edits: places.flatMap((at) => fix.edits.map((edit) => ({ ...edit, at }))) } : null,
    related: [{ message: 'its features are listed here', at: keyAt(model, 'features') }],
  });
}
