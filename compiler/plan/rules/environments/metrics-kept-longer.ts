import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';

export const rule = onField(
  'environment',
  'metricsRetentionSeconds',
  {
    code: 'PLN607',
    class: 'compatible',
    title: 'metrics are kept for a longer time',
    why: 'They take more room on the disk.',
    whatToDo: 'See that the disk has room for it',
  },
  ({ name, from, to }) => (isLess(from, to) ? `${name} keeps metrics for ${timeSwap(from, to)}` : null),
);
