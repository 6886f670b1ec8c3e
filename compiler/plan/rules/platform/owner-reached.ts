import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'owner',
  ['email', 'slack'],
  {
    code: 'PLN814',
    class: 'compatible',
    title: 'an owner is reached elsewhere',
    why: 'Its alerts go to the new address alone.',
    whatToDo: 'Send one on trial',
  },
  ({ name, field, from, to }) => `${field} of ${name} is ${swap(from, to)}`,
);
