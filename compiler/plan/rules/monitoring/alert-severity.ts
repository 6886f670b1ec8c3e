import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'alert',
  'severity',
  {
    code: 'PLN709',
    class: 'compatible',
    title: 'an alert calls in another way',
    why: 'A page wakes somebody, a ticket waits until the morning.',
    whatToDo: 'Agree with its owner',
  },
  ({ name, from, to }) => `${name} is a ${swap(from, to)}`,
);
