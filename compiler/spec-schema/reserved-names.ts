/**
 * The one table of names that a position may not have, and who uses each. `runtime/tests/features/test_names.py` tries
 * odd names that are not in it on Feast itself, and that those in it do not work.
 */

import type { Kind } from './kinds.ts';
import table from './reserved-names.json' with { type: 'json' };
import type { Named } from './text-names.ts';

export interface Reservation {
  /** Kinds of names, or fields: `FeatureView/batch/created`. */
  positions: readonly string[];
  /** Set apart by spaces. */
  names?: string;
  pattern?: string;
  /** Only where an environment has servers. */
  servers?: boolean;
  /** The end of a sentence about the name. */
  because: string;
}

interface Rule {
  isReserved(name: string): boolean;
  servers: boolean;
  because: string;
}

const byPosition = new Map<string, Rule[]>();
for (const { positions, names = '', pattern, servers = false, because } of table as readonly Reservation[]) {
  const words = new Set(names.split(' '));
  const form = pattern === undefined ? null : new RegExp(pattern, 'u');
  const rule = { isReserved: (name: string) => words.has(name) || form?.test(name) === true, servers, because };
  for (const position of positions) byPosition.set(position, [...(byPosition.get(position) ?? []), rule]);
}

/** Why no such name can stand there, for the end of a sentence about it; null where it can. */
export function reservation(
  { kind, bare, path, isDefinition }: Pick<Named, 'kind' | 'bare' | 'path' | 'isDefinition'>,
  spec: Kind,
  hasServers: boolean,
): string | null {
  // A column is named wherever it is used; its table may be declared nowhere.
  const ofKind = isDefinition || kind === 'column' ? (byPosition.get(kind) ?? []) : [];
  const ofField = byPosition.get([spec, ...path].join('/')) ?? [];
  const rules = [...ofKind, ...ofField].filter(({ servers }) => hasServers || !servers);
  return rules.find((each) => each.isReserved(bare))?.because ?? null;
}
