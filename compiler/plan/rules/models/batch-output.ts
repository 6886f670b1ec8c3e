import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'batch',
  'output',
  {
    code: 'PLN482',
    class: 'breaking',
    title: 'predictions go into another table',
    why: 'Readers of the old one find it growing old, with no error.',
    whatToDo: 'Move its readers first',
  },
  ({ name, from, to }) => `predictions of ${name} go into ${swap(from, to)}`,
);
