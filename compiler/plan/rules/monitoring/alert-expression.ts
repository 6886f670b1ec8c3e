import { onField, swap } from '../../../tools/change-rule.ts';
import { threshold } from '../../questions/thresholds.ts';

export const rule = onField(
  'alert',
  'expr',
  {
    code: 'PLN706',
    class: 'cannot tell',
    title: 'the expression of an alert changes by more than its threshold',
    why: 'Whether it fires in more cases or in fewer cannot be told from two expressions.',
    whatToDo: 'Evaluate both over a week of metrics, and let its owner decide',
  },
  ({ name, from, to }) => (threshold(from, to) ? null : `${name} fires where ${swap(from, to)}`),
);
