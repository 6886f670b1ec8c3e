/** Where objects of the IR stand in the specs. */
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Origin } from '../ir/types.ts';
import type { Declared } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { placeOfKey } from '../source/locate.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import type { Kind } from '../spec-schema/kinds.ts';

export function originOf({ spec }: Declared<Kind>, ...steps: (string | number)[]): Origin {
  const { line } = placeOfKey(spec.source, steps.length === 0 ? WHOLE : steps);
  return { file: spec.path, path: steps.join('/'), line };
}

/** A whole spec is pointed at by its kind. */
const WHOLE = ['kind'];

/** The range that an origin's path stands for. */
export const placeOfOrigin = (spec: ParsedSpec, path: string): Place =>
  placeOfKey(spec, path === '' ? WHOLE : stepsOf(path));

const stepsOf = (path: string): (string | number)[] =>
  path.split('/').map((step) => (/^\d+$/.test(step) ? Number(step) : step));

/** For places that linking noted. */
export function originsOfPlaces(graph: Graph): (place: Place) => Origin {
  const byFile = new Map(graph.declared.map((each) => [each.spec.path, each]));
  return ({ file, path }) => originOf(byFile.get(file) ?? graph.platform, ...(path === 'kind' ? [] : stepsOf(path)));
}
