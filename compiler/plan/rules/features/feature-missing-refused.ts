import { onField, shown } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';

export const rule = onField(
  'feature',
  'maxMissing',
  {
    code: 'PLN113',
    class: 'compatible',
    title: 'fewer missing values of a feature are accepted',
    why: 'The alert about missing values fires sooner.',
    whatToDo: 'See what share is missing today, or the alert fires at once',
  },
  ({ name, from, to }) =>
    isLooser('max', from, to) ? null : `${name} may be missing in a share of ${shown(to)} instead of ${shown(from)}`,
);
