import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';

export const rule = onField(
  'feature_view',
  'freshnessSeconds',
  {
    code: 'PLN123',
    class: 'compatible',
    title: 'older rows of a view are accepted',
    why: 'The alert about stale data fires later or never, while models predict from older values.',
    whatToDo: 'Ask the owners of the models that use the view',
  },
  ({ name, from, to }) =>
    isLooser('max', from, to) ? `the newest row of ${name} may be ${timeSwap(from, to)} old` : null,
);
