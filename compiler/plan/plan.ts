/** What a change of the specs means: two IRs compared by address, each difference judged by the rules. No I/O. */
import { type ChangeRule, CLASSES } from '../tools/change-rule.ts';
import { judged } from './judge.ts';
import { type Described, describedObjects } from './objects.ts';
import { radiusOf } from './radius.ts';
import { changeRules } from './rules/registry.ts';
import { seenBetween } from './seen.ts';
import { orderOf } from './stages.ts';
import { withTeamCode } from './team-code.ts';
import type { Facts, Plan, PlannedChange, Reached, Side, VerdictSummary } from './types.ts';
import { workOf } from './work.ts';

/** Where nobody says which day it is, no announced one has passed. */
const BEFORE_ALL = '0000-01-01';

/** `base` is null where there was no platform before. */
export function planOf(
  base: Side | null,
  head: Side,
  facts: Facts = {},
  rules: readonly ChangeRule[] = changeRules,
): Plan {
  const sides = { base: base?.ir ?? null, head: head.ir, today: facts.today ?? BEFORE_ALL };
  const changes = saidOnce(seenBetween(...objectsOf(base, head), sides).flatMap((each) => judged(each, rules))).sort(
    (a, b) => CLASSES.indexOf(b.class) - CLASSES.indexOf(a.class),
  );
  const radius = radiusOf(changes, sides.base, sides.head);
  return {
    planVersion: 1,
    verdict: verdictOf(changes, radius),
    changes,
    radius,
    work: workOf(
      changes.filter(({ follows }) => !follows),
      head.ir,
      facts,
    ),
    order: orderOf(changes),
  };
}

/** What a rule says of several fields of an object in the same words. */
function saidOnce(changes: readonly PlannedChange[]): PlannedChange[] {
  const said = new Map<string, PlannedChange>();
  for (const change of changes) {
    const key = JSON.stringify([change.address, change.code, change.sentence]);
    const first = said.get(key);
    if (!first) said.set(key, change);
    else if (change.field !== undefined)
      said.set(key, { ...first, alsoFields: [...(first.alsoFields ?? []), change.field] });
  }
  return [...said.values()];
}

/** Code and locks count where both sides have them: what only one has been given is no change. */
function objectsOf(base: Side | null, head: Side): [ReadonlyMap<string, Described>, ReadonlyMap<string, Described>] {
  const known = (side: Side): Side => ({
    ir: side.ir,
    ...(base?.code && head.code && side.code ? { code: side.code } : {}),
    ...(base?.locks && head.locks && side.locks ? { locks: side.locks } : {}),
  });
  const of = (side: Side) => withTeamCode(describedObjects(side.ir), known(side));
  return [base === null ? new Map() : of(base), of(head)];
}

const ASKED = CLASSES.indexOf('compatible');

function verdictOf(changes: readonly PlannedChange[], radius: readonly Reached[]): VerdictSummary {
  const counts: VerdictSummary['counts'] = {};
  for (const { class: each, follows } of changes) if (!follows) counts[each] = (counts[each] ?? 0) + 1;
  const asked = changes.filter((change) => CLASSES.indexOf(change.class) > ASKED);
  const addresses = new Set(asked.map(({ address }) => address));
  const owners = [...asked, ...radius.filter(({ from }) => addresses.has(from))].flatMap(({ owner }) => owner ?? []);
  // Who gives something away is asked as well as who gets it.
  const given = changes.filter(({ field }) => field === 'owner').flatMap(({ before, after }) => [before, after]);
  const all = [...owners, ...given.filter((each): each is string => typeof each === 'string' && each !== '')];
  return { class: changes[0]?.class ?? null, counts, owners: [...new Set(all)].sort() };
}
