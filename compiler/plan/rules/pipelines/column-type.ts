import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'column',
  'type',
  {
    code: 'PLN203',
    class: 'backfill',
    title: 'the type of a column changes',
    why:
      'Rows that were written with the old type are still there, and the step that writes the table' +
      ' is held to the new one.',
    whatToDo: 'Let the step return the new type, and fill the history again',
  },
  ({ name, from, to }) => `${name} is ${swap(from, to)}`,
);
