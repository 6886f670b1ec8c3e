import type { Plain } from '../../diff/state.ts';
import { isLess } from './limits.ts';

export const DRIFT: Record<string, string> = {
  'monitoring/drift/psi': 'the accepted drift (PSI)',
  'monitoring/drift/windowSeconds': 'the window of drift in seconds',
  'monitoring/drift/minSamples': 'the least number of predictions for drift',
  'monitoring/drift/ignore': 'what is left out of drift',
};

/** Whether fewer shifts are reported, or the same later. */
export const isQuieter = (field: string, from: Plain | undefined, to: Plain | undefined): boolean =>
  field.endsWith('ignore')
    ? Array.isArray(to) && to.some((each) => !(from as readonly Plain[]).includes(each))
    : isLess(from, to);
