import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';

export const rule = onField(
  'environment',
  'metricsRetentionSeconds',
  {
    code: 'PLN606',
    class: 'one-way',
    title: 'metrics are kept for a shorter time',
    why: 'Prometheus deletes what is older, at once.',
    whatToDo: 'See that no objective looks back further',
  },
  ({ name, from, to }) => (isLess(to, from) ? `${name} keeps metrics for ${timeSwap(from, to)}` : null),
);
