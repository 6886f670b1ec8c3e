/** The names in a spec, and where each stands. */
import type { Place } from '../diagnostics/diagnostic.ts';
import { placeOfPart } from '../source/locate.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { namesIn } from '../spec-schema/names-in.ts';
import type { Spec } from '../spec-schema/spec.ts';
import type { Named } from '../spec-schema/text-names.ts';
import { type Declared, keyAt, valueAt } from './declared.ts';

export interface Occurrence extends Named {
  declared: Declared<Kind>;
}

const known = new WeakMap<Spec, readonly Occurrence[]>();

/** The same spec has the same names, so an editor need not look again at each key. */
export function occurrencesIn(declared: Declared<Kind>): readonly Occurrence[] {
  const { spec, name, value } = declared;
  const found =
    known.get(spec) ??
    namesIn(spec.kind, value, { name, folder: spec.folder }).map((each) => Object.assign(each, { declared }));
  known.set(spec, found);
  return found;
}

/** Where the name's own text stands, without quotes and without what stands before it. */
export function bareAt(occurrence: Occurrence): Place {
  const { declared, path, part, range } = occurrence;
  return range === null ? impliedAt(occurrence) : placeOfPart(declared.spec.source, path, part, ...range);
}

/** What a finding about the name points at: the whole text, unless other names stand in it, too. */
export function statedAt(occurrence: Occurrence): Place {
  const { declared, path, part, rule, range } = occurrence;
  if (range === null) return impliedAt(occurrence);
  if (rule.form.length > 1) return bareAt(occurrence);
  return part === 'key' ? keyAt(declared, ...path) : valueAt(declared, ...path);
}

/** A spec's name that is its file's is shown at its kind; what else follows from a name, where it might be stated. */
function impliedAt({ declared, path }: Occurrence): Place {
  const holder = path.slice(0, -1);
  return holder.length === 0 ? valueAt(declared, 'kind') : keyAt(declared, ...holder);
}
