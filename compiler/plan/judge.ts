/** What the rules say of a difference. One of which no rule speaks is shown as that, never lost. */
import type { Addressed } from '../ir/types.ts';
import { type ChangeRule, type Seen, shown, type Verdict } from '../tools/change-rule.ts';
import { CANNOT_TELL } from './cannot-tell.ts';
import { ownerOf } from './owners.ts';
import type { Difference } from './seen.ts';
import type { PlannedChange } from './types.ts';

export function judged(difference: Difference, rules: readonly ChangeRule[]): PlannedChange[] {
  const { seen } = difference;
  const said = rules
    .filter((rule) => rule.of.includes(seen.of) && rule.on.includes(seen.kind) && isOver(rule.fields, seen.field))
    .flatMap((rule) => {
      const verdict = rule.judge(seen);
      return verdict ? [changed(difference, rule, verdict)] : [];
    });
  return said.length > 0 ? said : [changed(difference, CANNOT_TELL, { sentence: unknown(seen) })];
}

const isOver = (fields: readonly string[], field: string): boolean =>
  field === '' || fields.some((each) => field === each || field.startsWith(`${each}/`));

function unknown({ kind, field, from, to }: Seen): string {
  if (kind === 'changed')
    return `'${field}' becomes ${shown(to)} instead of ${shown(from)}, and no rule says what that does`;
  if (kind === 'renamed') return `it was called ${shown(from)}, and no rule says what that does`;
  return `it is ${kind}, and no rule says what that does`;
}

type Speaking = Pick<ChangeRule, 'code' | 'class' | 'whatToDo'> & Partial<Pick<ChangeRule, 'follows' | 'byName'>>;

function changed({ seen, rename, isByName }: Difference, rule: Speaking, verdict: Verdict): PlannedChange {
  const { origin } = (seen.after ?? seen.before) as Addressed;
  return {
    address: seen.address,
    of: seen.of,
    name: seen.name,
    kind: seen.kind,
    class: rule.class,
    code: rule.code,
    sentence: verdict.sentence,
    whatToDo: verdict.whatToDo ?? rule.whatToDo,
    ...(seen.kind === 'changed' ? { field: seen.field } : {}),
    ...(seen.from === undefined ? {} : { before: seen.from }),
    ...(seen.to === undefined ? {} : { after: seen.to }),
    ...(rename ? { renamedFrom: { address: rename.from, evidence: rename.evidence } } : {}),
    origin: { ...origin, side: seen.after ? 'head' : 'base' },
    certainty: verdict.certainty ?? (rename ? 'likely' : 'certain'),
    owner: ownerOf(seen.address, seen.after ? seen.head : (seen.base ?? seen.head)),
    ...(rule.follows || (rule.byName && isByName) ? { follows: true } : {}),
  };
}
