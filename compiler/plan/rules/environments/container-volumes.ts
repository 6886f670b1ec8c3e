import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'container',
  'volumes',
  {
    code: 'PLN627',
    class: 'one-way',
    title: 'a container has other volumes',
    why: 'What it wrote into the old place it no longer finds.',
    whatToDo: 'Copy what it needs before this goes out',
  },
  ({ name, field, from, to }) => `${field} of ${name} is ${swap(from, to)}`,
);
