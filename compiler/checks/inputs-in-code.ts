import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { type Declared, featuresOf, keyAt, referencesOf } from '../link/declared.ts';
import { inputOf, partsOfInput } from '../link/derived-names.ts';
import { codeBelow, type Graph } from '../link/graph.ts';
import { offsetsOf } from '../link/python.ts';
import { placeInText } from '../source/locate.ts';
import type { Check } from './check.ts';
import { codes as tableCodes } from './tables.ts';

const { codes, finding } = defineCodes({}, { MOD001: tableCodes.MOD001 });

/** The code of a model asks its frame for inputs that the spec gives it. */
export const inputsInCode: Check = {
  codes,
  run: (graph) =>
    [...graph.models.values()].flatMap((model) =>
      codeBelow(graph, model.spec.folder).flatMap((file) => strange(graph, model, file)),
    ),
};

/** A feature is the column `view__feature`. */
function strange(graph: Graph, model: Declared<'Model'>, file: string): Finding[] {
  const text = graph.code.get(file) ?? '';
  const inputs = referencesOf(model).flatMap(({ view, feature }) =>
    featuresOf(graph, view, feature).map((each) => inputOf(view, each)),
  );
  return [...(graph.module(file)?.words ?? [])].flatMap((word) => {
    const { view = '' } = partsOfInput(word) ?? {};
    if (!graph.views.has(view) || inputs.includes(word)) return [];
    const places = offsetsOf(word, text).map((offset) => placeInText(file, text, offset, word.length));
    const [first] = places;
    if (!first) return [];
    const mates = inputs.filter((each) => each.startsWith(inputOf(view, '')));
    const otherwise =
      mates.length > 0 ? `of that view it has ${mates.join(', ')}` : "add the feature to the model's `features`";
    const { help, fix } = spelling(word, mates, otherwise);
    return [
      finding('MOD001', first, `Model ${model.name} has no input '${word}'.`, {
        help,
        fix: fix ? { ...fix, edits: places.flatMap((at) => fix.edits.map((edit) => ({ ...edit, at }))) } : null,
        related: [{ message: 'its features are stated here', at: keyAt(model, 'features') }],
      }),
    ];
  });
}
