import { onField } from '../../../tools/change-rule.ts';
import { threshold } from '../../questions/thresholds.ts';

export const rule = onField(
  'alert',
  'expr',
  {
    code: 'PLN704',
    class: 'compatible',
    title: 'the threshold of an alert is loosened',
    why: 'It fires later, or never.',
    whatToDo: 'Agree with its owner',
  },
  ({ name, from, to }) => {
    const moved = threshold(from, to);
    return moved?.isLooser ? `${name} fires at ${moved.to} instead of ${moved.from}` : null;
  },
);
