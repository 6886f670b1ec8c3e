import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';

export const rule = onField(
  'alert',
  'forSeconds',
  {
    code: 'PLN708',
    class: 'compatible',
    title: 'an alert waits less long',
    why: 'It fires also for what passes by itself.',
    whatToDo: 'See in the metrics how often it would have fired',
  },
  ({ name, from, to }) => (isLess(to, from) ? `${name} waits ${timeSwap(from, to)}` : null),
);
