/** What a pull request is answered with: data, which a client brings to it. */
import { type Finding, hasErrors } from '../diagnostics/diagnostic.ts';
import type { PlanDocument } from '../plan/document.ts';
import { TITLES, verdictLine } from '../plan/text.ts';
import { CLASSES } from '../tools/change-rule.ts';
import { brokenComment } from './broken.ts';
import { planComment } from './comment.ts';
import { type Annotation, findingAnnotations, planAnnotations } from './findings.ts';
import { type Owner, reviewersOf } from './reviewers.ts';
import { isGrave } from './shown.ts';

export interface Answer {
  comment: string;
  conclusion: 'success' | 'neutral' | 'failure';
  title: string;
  annotations: Annotation[];
  labels: string[];
  /** Whom it asks for a review, as `@ORGANISATION/TEAM` or `@USER`. */
  reviewers: string[];
}

interface Known {
  findings: readonly Finding[];
  /** The base's: a pull request does not say itself who is asked about it. */
  owners: readonly Owner[];
  isTooGrave: boolean;
}

const BROKEN = 'does-not-compile';
const labelOf = (each: (typeof CLASSES)[number]): string => TITLES[each].replaceAll(' ', '-');

/** Labels that are ours to set and to take off. */
export const LABELS: readonly string[] = [...CLASSES.filter(isGrave).map(labelOf), BROKEN];

const LONGEST_TITLE = 200;

/** Null instead of a plan: it does not compile. */
export function answerOf(document: PlanDocument | null, { findings, owners, isTooGrave }: Known): Answer {
  if (document === null)
    return {
      comment: brokenComment(findings),
      conclusion: 'failure',
      title: 'Does not compile',
      annotations: findingAnnotations(findings.filter((each) => hasErrors([each]))),
      labels: [BROKEN],
      reviewers: [],
    };
  const { plan } = document;
  const classes = CLASSES.filter((each) => plan.verdict.counts[each]);
  return {
    comment: planComment(document),
    conclusion: isTooGrave ? 'failure' : classes.some(isGrave) ? 'neutral' : 'success',
    title: (plan.changes.length === 0 ? 'Nothing changes' : verdictLine(plan)).slice(0, LONGEST_TITLE),
    annotations: planAnnotations(plan),
    labels: classes.filter(isGrave).map(labelOf),
    reviewers: reviewersOf(plan, owners),
  };
}
