import { onField } from '../../../tools/change-rule.ts';
import { threshold } from '../../questions/thresholds.ts';

export const rule = onField(
  'alert',
  'expr',
  {
    code: 'PLN705',
    class: 'compatible',
    title: 'the threshold of an alert is tightened',
    why: 'It fires sooner, perhaps at once.',
    whatToDo: 'See in the metrics whether it would have fired so far',
  },
  ({ name, from, to }) => {
    const moved = threshold(from, to);
    return moved?.isLooser === false ? `${name} fires at ${moved.to} instead of ${moved.from}` : null;
  },
);
