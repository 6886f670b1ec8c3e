import { onField, shown } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';

export const rule = onField(
  'feature',
  'maxMissing',
  {
    code: 'PLN112',
    class: 'compatible',
    title: 'more missing values of a feature are accepted',
    why: 'The alert about missing values fires later or never, while models get more rows without the ' + 'value.',
    whatToDo: 'See how the models do with missing values of this feature',
  },
  ({ name, from, to }) =>
    isLooser('max', from, to) ? `${name} may be missing in a share of ${shown(to)} instead of ${shown(from)}` : null,
);
