import type { Plain } from '../../diff/state.ts';
import { swap } from '../../tools/change-rule.ts';

/** What is kept of the log of a model's predictions, in words. */
export const keptOfLog = (name: string, field: string, from: Plain | undefined, to: Plain | undefined): string =>
  field.endsWith('keepDays')
    ? `predictions of ${name} are kept for ${swap(from, to)} days`
    : `the log of predictions of ${name} may have ${swap(from, to)} megabytes`;
