import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'train',
  ['file', 'function'],
  {
    code: 'PLN450',
    class: 'retrain',
    title: 'a model is trained by another function',
    why: 'The next version is made by other code than the live one.',
    whatToDo: 'Train it, and look at what the gate says',
  },
  ({ name, field, from, to }) => `the ${field} that trains ${name} is ${swap(from, to)}`,
);
