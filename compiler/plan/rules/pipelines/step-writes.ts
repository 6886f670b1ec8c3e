import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  'writes',
  {
    code: 'PLN242',
    class: 'compatible',
    byName: true,
    title: 'a step writes other tables',
    why: 'The tables that it gains begin empty; those that it loses grow old.',
    whatToDo: 'Let its pipeline run before anything that reads a new one',
  },
  ({ name, from, to }) => `${name} writes ${swap(from, to)}`,
);
