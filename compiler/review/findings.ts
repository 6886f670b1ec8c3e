/** Changes as findings, for SARIF; and as annotations of a check. */
import type { Catalog } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { printable } from '../diagnostics/printable.ts';
import { CANNOT_TELL } from '../plan/cannot-tell.ts';
import { changeRules } from '../plan/rules/registry.ts';
import type { Plan, PlannedChange } from '../plan/types.ts';
import { isGrave, saidOf, shownOf, toDoOf } from './shown.ts';

/** As the catalogue of codes has them; a break is the only error. */
export const planCatalog: Catalog = Object.fromEntries(
  [CANNOT_TELL, ...changeRules].map(({ code, class: each, title, why, whatToDo }) => [
    code,
    { severity: each === 'breaking' ? 'error' : 'warning', title, why, example: `class: ${each}`, fix: `${whatToDo}.` },
  ]),
);

/** What is no longer there stands in no file of head. */
const isThere = ({ origin }: PlannedChange): boolean => origin.side === 'head' && origin.file !== '';

export const planFindings = (plan: Plan): Finding[] =>
  shownOf(plan)
    .filter(isThere)
    .map((change) => ({
      code: change.code,
      rule: null,
      severity: change.class === 'breaking' ? 'error' : 'warning',
      message: saidOf(change),
      at: {
        ...{ file: change.origin.file, line: change.origin.line, endLine: change.origin.line },
        ...{ column: 1, endColumn: 1, path: change.origin.path },
      },
      related: [],
      help: toDoOf(change),
      fix: null,
    }));

/** As GitHub's check runs have them. */
export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: 'notice' | 'warning' | 'failure';
  title: string;
  message: string;
}

export const planAnnotations = (plan: Plan): Annotation[] =>
  shownOf(plan)
    .filter(isThere)
    .map((change) =>
      annotation(
        change.origin,
        change.class === 'breaking' ? 'failure' : isGrave(change.class) ? 'warning' : 'notice',
        `${change.code}: ${change.class}`,
        `${saidOf(change)}\n${toDoOf(change)}`,
      ),
    );

export const findingAnnotations = (findings: readonly Finding[]): Annotation[] =>
  findings.map(({ at, severity, code, message, help }) =>
    annotation(at, severity === 'error' ? 'failure' : 'warning', code, help ? `${message}\n${help}` : message),
  );

/** Of GitHub: 64 KB a message; what nobody reads to its end is cut before. */
const LONGEST = 4000;

const annotation = (
  at: { file: string; line: number },
  level: Annotation['annotation_level'],
  title: string,
  message: string,
): Annotation => ({
  path: printable(at.file),
  start_line: at.line,
  end_line: at.line,
  annotation_level: level,
  title,
  message: message.split('\n').map(printable).join('\n').slice(0, LONGEST),
});
