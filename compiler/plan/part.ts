/**
 * What a partial deploy takes: the files of what is named, and of all that these need and that has changed. Files that
 * belong together, such as a pipeline's spec and its Python, are taken together.
 */
import { objectsByAddress } from '../ir/objects.ts';
import type { Ir } from '../ir/types.ts';
import { usesIn } from './uses.ts';

export interface PartOf {
  base: Ir;
  head: Ir;
  /** Addresses; what lies within them is meant, too. */
  only: readonly string[];
  /** Units whose files differ. */
  changed: ReadonlySet<string>;
  /** Of head, by path. */
  code: ReadonlyMap<string, string>;
}

/** `pipelines/flights` of whatever lies below it; a file of its own elsewhere. */
export function unitOf(path: string): string {
  const [folder, name, ...below] = path.split('/');
  return (folder === 'pipelines' || folder === 'models') && below.length > 0 ? `${folder}/${name}` : path;
}

/** The units that hold what is named, whether they differ or not. */
export function unitsOf(only: readonly string[], { base, head }: Pick<PartOf, 'base' | 'head'>): Set<string> {
  const objects = [...objectsByAddress(base), ...objectsByAddress(head)];
  const found = objects.filter(([address]) => only.some((each) => isWithin(address, each)));
  return new Set(found.map(([, { origin }]) => unitOf(origin.file)));
}

const isWithin = (address: string, outer: string): boolean => address === outer || address.startsWith(`${outer}/`);

/** Of what has changed: the units named, and those that they need. */
export function unitsTaken(part: PartOf, started: ReadonlySet<string> = unitsOf(part.only, part)): Set<string> {
  const objects = objectsByAddress(part.head);
  const within = groupedBy([...objects], ([, { origin }]) => unitOf(origin.file));
  const needs = reversed(usesIn(part.head));
  const units = new Set(started);
  const seen = new Set<string>();
  // Grows while it is gone through.
  for (const unit of units) {
    for (const imported of importsOf(unit, part)) units.add(imported);
    const queue = (within.get(unit) ?? []).map(([address]) => address);
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const origin = objects.get(next)?.origin.file;
      if (origin !== undefined && part.changed.has(unitOf(origin))) units.add(unitOf(origin));
      queue.push(...(needs.get(next) ?? []), ...outersOf(next).filter((each) => objects.has(each)));
    }
  }
  return new Set([...units].filter((each) => part.changed.has(each)));
}

/** Units whose Python the Python of this one imports. */
function importsOf(unit: string, { code, changed }: PartOf): string[] {
  const texts = [...code].filter(([path]) => unitOf(path) === unit).map(([, text]) => text);
  return [...changed].filter((other) => {
    const [folder, name, ...more] = other.replace(/\.py$/, '').split('/');
    if (other === unit || more.length > 0 || !name || (folder !== 'pipelines' && folder !== 'models')) return false;
    const pattern = new RegExp(`\\b${folder}(\\.| +import +(?:\\w+ *, *)*)${name.replace(/\W/g, '\\$&')}\\b`);
    return texts.some((text) => pattern.test(text));
  });
}

/** `pipeline/flights` of `pipeline/flights/step/ingest`. */
function outersOf(address: string): string[] {
  const words = address.split('/');
  return words.map((_, index) => words.slice(0, index).join('/')).filter((each) => each !== '');
}

function reversed(edges: ReadonlyMap<string, ReadonlySet<string>>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [from, all] of edges) for (const to of all) found.set(to, [...(found.get(to) ?? []), from]);
  return found;
}

function groupedBy<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return groups;
}
