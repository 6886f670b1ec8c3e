/** Where objects of the IR stand in the specs. */
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Origin } from '../ir/types.ts';
import type { Declared } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { placeOfKey } from '../source/locate.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import type { Kind } from '../spec-schema/kinds.ts';

export function originOf(declared: Declared<Kind>, ...steps: (string | number)[]): Origin {
  const path = steps.join('/');
  return { file: declared.spec.path, path, line: placeOfOrigin(declared.spec.source, path).line };
}

/** The range that an origin's path stands for; a whole spec is pointed at by its kind. */
export function placeOfOrigin(spec: ParsedSpec, path: string): Place {
  const steps = (path === '' ? 'kind' : path).split('/');
  return placeOfKey(
    spec,
    steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
  );
}

/** For places that linking noted. */
export function originsOfPlaces(graph: Graph): (place: Place) => Origin {
  const byFile = new Map(graph.declared.map((each) => [each.spec.path, each]));
  return ({ file, path }) => originOf(byFile.get(file) ?? graph.platform, ...(path === 'kind' ? [] : path.split('/')));
}
