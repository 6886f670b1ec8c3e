import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';

export const rule = onField(
  'feature_view',
  'freshnessSeconds',
  {
    code: 'PLN124',
    class: 'compatible',
    title: 'newer rows of a view are asked for',
    why: 'The alert about stale data fires sooner.',
    whatToDo: 'See how old the newest row gets between two runs of its pipeline',
  },
  ({ name, from, to }) =>
    isLooser('max', from, to) ? null : `the newest row of ${name} may be ${timeSwap(from, to)} old`,
);
