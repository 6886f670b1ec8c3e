import type { Plain } from '../../diff/state.ts';
import { listed } from '../../tools/change-rule.ts';
import { isLess } from './limits.ts';

const names = (value: Plain | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Whether a candidate must beat fewer, or by less. */
export const isEasier = (from: Plain | undefined, to: Plain | undefined): boolean =>
  Array.isArray(to) ? names(from).some((each) => !names(to).includes(each)) : isLess(to, from);

export const gate = (field: string, from: Plain | undefined, to: Plain | undefined): string =>
  field.endsWith('beats')
    ? `beat ${listed(names(to)) || 'nothing'} instead of ${listed(names(from)) || 'nothing'}`
    : `be better by ${Number(to) * 100} % instead of ${Number(from) * 100} %`;
