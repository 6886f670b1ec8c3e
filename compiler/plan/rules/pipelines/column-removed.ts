import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'column',
  {
    code: 'PLN202',
    class: 'one-way',
    title: 'a column is removed from a table',
    why: 'Tables that are published from now on lack it; the platform knows its own readers, and no ' + 'others.',
    whatToDo: 'Ask whether somebody reads it outside the platform; the snapshots published so far keep it',
  },
  ({ name }) => `${name} is no longer written`,
);
