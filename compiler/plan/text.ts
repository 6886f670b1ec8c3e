/** A plan as a reviewer reads it in a terminal: the verdict first, then each change with its reason. */
import { CLASSES, type Class, listed } from '../tools/change-rule.ts';
import { called, calledKind } from './called.ts';
import type { Plan, PlannedChange, Reached, Work } from './types.ts';

/** What the classes are called in the verdict, from bad to good. */
export const TITLES: Record<Class, string> = {
  breaking: 'breaking',
  'cannot tell': 'cannot tell',
  'one-way': 'no way back',
  recreate: 'created again',
  retrain: 'needs training',
  backfill: 'needs backfill',
  compatible: 'compatible',
  metadata: 'metadata',
};

export function planText(plan: Plan): string {
  if (plan.changes.length === 0) return 'Nothing changes.\n';
  const own = plan.changes.filter(({ follows }) => !follows);
  const shown = own.length > 0 ? own : plan.changes;
  const classes = CLASSES.toReversed().filter((each) => shown.some((change) => change.class === each));
  const sections = [
    ...classes.map((each) => section(TITLES[each], objectLines(shown.filter((change) => change.class === each)))),
    section('reaches', reachedLines(plan.radius)),
    section('then run', plan.work.map(workLine)),
    section(
      'goes out in this order',
      plan.order.map(({ title, names }) => `${title}: ${listed(names)}`),
    ),
  ];
  return `${verdictLine(plan)}\n${sections.join('')}`;
}

/** `breaking: 1 · needs backfill: 2 · owners to ask: data-platform` */
export function verdictLine({ verdict: { counts, owners } }: Plan): string {
  const classes = CLASSES.toReversed().flatMap((each) => (counts[each] ? [`${TITLES[each]}: ${counts[each]}`] : []));
  return [...classes, ...(owners.length > 0 ? [`owners to ask: ${owners.join(', ')}`] : [])].join(' · ');
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : ['', capital(title), ...lines.map((each) => `  ${each}`), ''].join('\n');

/** Each object once, with all that is said of it. */
function objectLines(changes: readonly PlannedChange[]): string[] {
  return [...new Set(changes.map(({ address }) => address))].flatMap((address) => {
    const own = changes.filter((change) => change.address === address);
    const [first] = own as [PlannedChange];
    const was = first.origin.side === 'base' ? ', before' : '';
    return [`${called(first)} (${first.origin.file}:${first.origin.line}${was})`, ...own.flatMap(changeLines)];
  });
}

function changeLines({ code, sentence, whatToDo, renamedFrom, certainty }: PlannedChange): string[] {
  const evidence = renamedFrom ? ` Taken for the same: ${renamedFrom.evidence}.` : '';
  const end = whatToDo.endsWith('?') ? '' : '.';
  const perhaps = certainty === 'possible' && end !== '' ? 'Perhaps: ' : '';
  return [`    ${code}: ${sentence}.${evidence}`, `    → ${perhaps}${whatToDo}${end}`];
}

const MOST_NAMES = 8;

/** Of many the first: the plan as JSON has them all. */
const shortened = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? listed(names)
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;

function reachedLines(radius: readonly Reached[]): string[] {
  const kinds = [...new Set(radius.map(({ of }) => of))];
  const names = (of: Reached['of']) => shortened(radius.filter((each) => each.of === of).map(({ name }) => name));
  return kinds.map((of) => `${calledKind(of)}: ${names(of)}`);
}

function workLine({ kind, subject, from, rows, reason, command }: Work): string {
  const since = from === undefined ? '' : ` from ${from} until now`;
  const size = rows === undefined ? '' : `, ${rows} rows`;
  return `${kind} ${subject}${since}${size}: ${reason}${command ? ` (\`${command}\`)` : ''}`;
}
