/** A plan as a reviewer reads it in a terminal: the verdict first, then each change with its reason. */
import { CLASSES, type Class, listed, type ObjectKind } from '../tools/change-rule.ts';
import type { Plan, PlannedChange, Reached, Work } from './types.ts';

/** What the classes are called in the verdict, from bad to good. */
const TITLES: Record<Class, string> = {
  breaking: 'breaking',
  'cannot tell': 'cannot tell',
  'one-way': 'no way back',
  recreate: 'created again',
  retrain: 'needs training',
  backfill: 'needs backfill',
  compatible: 'compatible',
  metadata: 'metadata',
};

/** Kinds of objects, where people say it otherwise. */
const CALLED: Partial<Record<Reached['of'], string>> = {
  feature_view: 'feature view',
  model_feature: 'input',
  request_field: 'request field',
  train: 'training of',
  label: 'label of',
  online: 'API of',
  service: 'service',
  batch: 'batch scoring of',
  stream: 'stream of',
  consumer: 'consumer',
  log_index: 'log index',
};

export const called = ({ of, name }: { of: ObjectKind | Reached['of']; name: string }): string =>
  `${CALLED[of] ?? of} ${name}`;

export function planText(plan: Plan): string {
  if (plan.changes.length === 0) return 'Nothing changes.\n';
  const shown = plan.changes.filter(({ follows }) => !follows);
  const classes = CLASSES.toReversed().filter((each) => shown.some((change) => change.class === each));
  const sections = [
    ...classes.map((each) =>
      section(TITLES[each], shown.filter((change) => change.class === each).flatMap(changeLines)),
    ),
    section('reaches', reachedLines(plan.radius)),
    section('then run', plan.work.map(workLine)),
  ];
  return `${verdictLine(plan)}\n${sections.join('')}`;
}

/** `breaking: 1 · needs backfill: 2 · owners to ask: data-platform` */
export function verdictLine({ verdict: { counts, owners } }: Plan): string {
  const classes = CLASSES.toReversed().flatMap((each) => (counts[each] ? [`${TITLES[each]}: ${counts[each]}`] : []));
  return [...classes, ...(owners.length > 0 ? [`owners to ask: ${owners.join(', ')}`] : [])].join(' · ');
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : ['', capital(title), ...lines.map((each) => `  ${each}`), ''].join('\n');

function changeLines(change: PlannedChange): string[] {
  const { code, sentence, whatToDo, origin, renamedFrom, certainty } = change;
  const was = origin.side === 'base' ? ', before' : '';
  return [
    `${called(change)} (${origin.file}:${origin.line}${was})`,
    `    ${code}: ${sentence}.${renamedFrom ? ` Taken for the same: ${renamedFrom.evidence}.` : ''}`,
    ...(whatToDo === '' ? [] : [`    ${certainty === 'possible' ? 'Perhaps: ' : ''}${whatToDo}`]),
  ];
}

function reachedLines(radius: readonly Reached[]): string[] {
  const kinds = [...new Set(radius.map(({ of }) => of))];
  const names = (of: Reached['of']) => listed(radius.filter((each) => each.of === of).map(({ name }) => name));
  return kinds.map((of) => `${(CALLED[of] ?? of).replace(/ of$/, '')}: ${names(of)}`);
}

function workLine({ kind, subject, from, rows, reason, command }: Work): string {
  const since = from === undefined ? '' : ` from ${from} until now`;
  const size = rows === undefined ? '' : `, ${rows} rows`;
  return `${kind} ${subject}${since}${size}: ${reason}${command ? ` (\`${command}\`)` : ''}`;
}
