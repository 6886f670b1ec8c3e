import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';

export const rule = onField(
  'alert',
  'forSeconds',
  {
    code: 'PLN707',
    class: 'compatible',
    title: 'an alert waits longer',
    why: 'It fires later, and not at all for what passes sooner.',
    whatToDo: 'Agree with its owner',
  },
  ({ name, from, to }) => (isLess(from, to) ? `${name} waits ${timeSwap(from, to)}` : null),
);
