import { onField, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  'timeoutSeconds',
  {
    code: 'PLN245',
    class: 'compatible',
    title: 'a step must end sooner',
    why: 'A run that takes as long as it did may be ended.',
    whatToDo: 'See in its history how long it takes',
  },
  ({ name, from, to }) => (Number(to) < Number(from) ? `${name} is ended after ${timeSwap(from, to)}` : null),
);
