/** What a change of the specs means: two IRs compared by address, each difference judged by the rules. No I/O. */
import { type ChangeRule, CLASSES } from '../tools/change-rule.ts';
import { judged } from './judge.ts';
import { radiusOf } from './radius.ts';
import { rules as allRules } from './rules/registry.ts';
import { objectsOf, seenBetween } from './seen.ts';
import { orderOf } from './stages.ts';
import type { Facts, Plan, PlannedChange, Reached, Side, VerdictSummary } from './types.ts';
import { workOf } from './work.ts';

/** `base` is null where there was no platform before. */
export function planOf(
  base: Side | null,
  head: Side,
  facts: Facts = {},
  rules: readonly ChangeRule[] = allRules,
): Plan {
  const sides = { base: base?.ir ?? null, head: head.ir };
  const changes = seenBetween(objectsOf(sides.base), objectsOf(sides.head), sides)
    .flatMap((difference) => judged(difference, rules))
    .sort((a, b) => CLASSES.indexOf(b.class) - CLASSES.indexOf(a.class));
  const radius = radiusOf(changes, sides.base, sides.head);
  return {
    planVersion: 1,
    verdict: verdictOf(changes, radius),
    changes,
    radius,
    work: workOf(changes, head.ir, facts),
    order: orderOf(changes),
  };
}

const ASKED = CLASSES.indexOf('compatible');

function verdictOf(changes: readonly PlannedChange[], radius: readonly Reached[]): VerdictSummary {
  const counts: VerdictSummary['counts'] = {};
  for (const { class: each, follows } of changes) if (!follows) counts[each] = (counts[each] ?? 0) + 1;
  const asked = changes.filter((change) => CLASSES.indexOf(change.class) > ASKED);
  const addresses = new Set(asked.map(({ address }) => address));
  const owners = [...asked, ...radius.filter(({ from }) => addresses.has(from))].flatMap(({ owner }) => owner ?? []);
  return { class: changes[0]?.class ?? null, counts, owners: [...new Set(owners)].sort() };
}
