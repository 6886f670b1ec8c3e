/** What was announced of something that goes, and whom the announcement protects. */
import type { Deprecation, Feature, FeatureView, Model } from '../../ir/types.ts';
import { listed, type ObjectKind, type Seen } from '../../tools/change-rule.ts';
import { modelsOf, modelsWith } from './consumers.ts';

export type Deprecatable = 'feature' | 'feature_view' | 'model';
export const DEPRECATABLE = ['feature', 'feature_view', 'model'] as const satisfies readonly ObjectKind[];

type Gone = Pick<Seen<Deprecatable>, 'of' | 'before' | 'base' | 'today'>;

export const deprecationOf = ({ before }: Pick<Gone, 'before'>): Deprecation | null => before?.deprecated ?? null;

/** Whether it goes while it was said to be there. */
export function isSooner(seen: Gone): boolean {
  const deprecated = deprecationOf(seen);
  return deprecated !== null && seen.today <= deprecated.until;
}

/** Whoever uses it as it was before, in words; empty where nobody is known. */
export function usersOf({ of, before, base }: Gone): string[] {
  if (!before || !base) return [];
  if (of === 'feature') return modelsWith(before as Feature, base);
  if (of === 'feature_view') return modelsOf((before as FeatureView).name, base);
  const { online, batch } = before as Model;
  return [...(online ? ['callers of its API'] : []), ...(batch ? [`readers of ${batch.output}`] : [])];
}

/** What is said in place of the rule for what nobody announced. */
export const isPromised = (seen: Gone): boolean => isSooner(seen) && usersOf(seen).length > 0;

export const instead = (deprecated: Deprecation | null): string =>
  deprecated?.use ? `, and ${deprecated.use} takes its place` : '';

export const usedBy = (users: readonly string[]): string =>
  users.length === 0 ? 'nobody known uses it' : `${listed(users)} ${users.length === 1 ? 'uses' : 'use'} it`;
