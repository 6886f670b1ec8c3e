/**
 * A plan as the comment on a pull request: verdict, what changes, picture, the rest folded. Where room is scarce it
 * leaves out what can be looked up first; breaks and deletions are never among it.
 */
import { calledKind } from '../plan/called.ts';
import { FILES_BECAUSE, type PlanDocument } from '../plan/document.ts';
import { capital, TITLES, verdictLine } from '../plan/text.ts';
import type { PlannedChange, Reached, Work } from '../plan/types.ts';
import { CLASSES } from '../tools/change-rule.ts';
import { pictureOf } from './picture.ts';
import { byObject, isGrave, mustBeSeen, placeOf, saidOf, shownOf, toDoOf } from './shown.ts';
import { code, prose } from './text.ts';

/** How our comment is found again, if we wrote it. */
export const MARKER = '<!-- mlops review -->';

/** Of GitHub, in characters; we count the units of UTF-16, of which there are never fewer. */
export const LONGEST_COMMENT = 65_536;

/** What is shown, from everything to what must be. */
interface Detail {
  details?: true;
  picture?: true;
  mild?: true;
  grave: 'all' | 'must' | 'names' | 'counts' | 'kinds';
}

const DETAILS: readonly Detail[] = [
  { details: true, picture: true, mild: true, grave: 'all' },
  { picture: true, mild: true, grave: 'all' },
  { mild: true, grave: 'all' },
  { grave: 'all' },
  ...(['must', 'names', 'counts', 'kinds'] as const).map((grave) => ({ grave })),
];

export function planComment(document: PlanDocument, longest = LONGEST_COMMENT): string {
  for (const detail of DETAILS) {
    const text = written(document, detail);
    if (text.length <= longest) return text;
  }
  throw new Error('the shortest comment is too long');
}

function written(document: PlanDocument, detail: Detail): string {
  const { plan, compared } = document;
  const picture = detail.picture ? pictureOf(plan) : '';
  const blocks = [
    MARKER,
    `### ${prose(plan.changes.length === 0 ? 'Nothing changes.' : verdictLine(plan))}`,
    compared.notes.slice(0, MOST_NOTES).map(prose).join(' '),
    detail === DETAILS[0] ? '' : SHORTENED,
    ...changesOf(shownOf(plan), detail),
    picture === '' ? '' : `#### What it reaches\n\n\`\`\`mermaid\n${picture}\n\`\`\``,
    ...(detail.details ? detailsOf(document) : []),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

const MOST_NOTES = 10;
const SHORTENED =
  'This is shortened: all of it is longer than a comment may be. No break and no deletion is left out; ' +
  '`mlops plan` prints the rest.';

function changesOf(changes: readonly PlannedChange[], detail: Detail): string[] {
  const isFirst = (change: PlannedChange) => isGrave(change.class) || change.kind === 'removed';
  const first = changes.filter(isFirst);
  const mild = changes.filter((change) => !isFirst(change));
  const must = first.filter(mustBeSeen);
  const left = [...(detail.grave === 'all' ? [] : first.filter((change) => !mustBeSeen(change)))];
  const shown =
    detail.grave === 'all' ? table(first) : detail.grave === 'must' ? table(must) : inShort(must, detail.grave);
  return [
    shown,
    counted([...left, ...(detail.mild ? [] : mild)]),
    detail.mild && mild.length > 0 ? folded(`Harmless: ${mild.length}`, table(mild)) : '',
  ];
}

function counted(changes: readonly PlannedChange[]): string {
  const classes = CLASSES.toReversed().flatMap((each) => {
    const count = changes.filter((change) => change.class === each).length;
    return count > 0 ? [`${TITLES[each]}: ${count}`] : [];
  });
  return classes.length > 0 ? `Not listed here: ${classes.join(' · ')}` : '';
}

const table = (changes: readonly PlannedChange[]): string =>
  changes.length === 0
    ? ''
    : ['| | What | What changes, and what to do |', '| --- | --- | --- |', ...byObject(changes).map(row)].join('\n');

function row(said: [PlannedChange, ...PlannedChange[]]): string {
  const [first] = said;
  const was = first.origin.side === 'base' ? ', before' : '';
  const cells = [
    first.class === 'breaking' ? '**breaking**' : TITLES[first.class],
    `${titleOf(first)}<br>${code(placeOf(first))}${was}`,
    // In one cell: GitHub gives a fourth column what the others leave, a few words' width.
    [
      ...said.map((each) => `${prose(saidOf(each))} (${each.code})`),
      ...new Set(said.map((each) => `→ ${prose(toDoOf(each))}`)),
    ].join('<br>'),
  ];
  return `| ${cells.join(' | ')} |`;
}

const titleOf = (change: PlannedChange): string =>
  `${capital(calledKind(change.of))} ${code(change.name)}${change.kind === 'removed' ? ' **removed**' : ''}`;

/** Names alone, gathered by what they lie in; or how many there are of each. */
function inShort(changes: readonly PlannedChange[], grave: 'names' | 'counts' | 'kinds'): string {
  const groups = new Map<string, Set<string>>();
  for (const change of changes) {
    const [outer = '', inner] = change.name.split(/\.(.*)/s);
    const kind = `${change.class === 'breaking' ? '**breaking**' : 'removed'}, ${calledKind(change.of)}`;
    const isWithin = inner !== undefined && grave !== 'kinds';
    const title = isWithin ? `${kind} of ${code(outer)}` : kind;
    const names = groups.get(title) ?? new Set();
    groups.set(title, names.add(isWithin ? inner : change.name));
  }
  return [...groups]
    .map(([title, names]) => `- ${title}: ${grave === 'names' ? [...names].map(code).join(', ') : names.size}`)
    .join('\n');
}

const folded = (title: string, body: string): string => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;

function detailsOf({ plan, files }: PlanDocument): string[] {
  const kinds = [...new Set(plan.radius.map(({ of }) => of))];
  return [
    section('Has to run', plan.work.map(workLine)),
    section(
      'Goes out in this order',
      plan.order.map(({ title, names }) => `**${title}**: ${someOf(names)}`),
    ),
    section(
      'Reaches',
      kinds.map((of) => `**${calledKind(of)}**: ${someOf(namesOf(plan.radius, of))}`),
    ),
    section(`Files of generated/: ${files.length}`, filesBy(files)),
  ];
}

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : folded(title, lines.map((each) => `- ${each}`).join('\n'));

const namesOf = (radius: readonly Reached[], of: Reached['of']) =>
  radius.filter((each) => each.of === of).map(({ name }) => name);

const MOST_NAMES = 40;

const someOf = (names: readonly string[]): string =>
  names.slice(0, MOST_NAMES).map(code).join(', ') +
  (names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '');

function workLine({ kind, subject, from, rows, reason, command }: Work): string {
  const since = from === undefined ? '' : ` from ${prose(from)} until now`;
  const size = rows === undefined ? '' : `, ${rows} rows`;
  return `**${kind}** ${code(subject)}${since}${size}: ${prose(reason)}${command ? `<br>${code(command)}` : ''}`;
}

const filesBy = (files: PlanDocument['files']): string[] =>
  (Object.keys(FILES_BECAUSE) as (keyof typeof FILES_BECAUSE)[]).flatMap((reason) => {
    const paths = files.filter(({ because }) => because === reason).map(({ path }) => path);
    return paths.length === 0 ? [] : [`${paths.length} ${FILES_BECAUSE[reason]}: ${someOf(paths)}`];
  });
