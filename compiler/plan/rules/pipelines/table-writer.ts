import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'table',
  'writer',
  {
    code: 'PLN205',
    class: 'compatible',
    byName: true,
    title: 'another step writes a table',
    why: 'A table has one writer; a run of the old one that is still going would write beside the new one.',
    whatToDo: 'Let running pipelines end before this goes out',
  },
  ({ name, field, from, to }) => `the ${field.split('/').at(-1)} that writes ${name} is ${swap(from, to)}`,
);
