import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'entity',
  'joinKey',
  {
    code: 'PLN140',
    class: 'breaking',
    title: 'the join key of an entity changes',
    why: 'Callers send it, tables and events have it as a column, and the online store finds values by it.',
    whatToDo: 'Add a new entity with this key beside the old one, and move views and callers over',
  },
  ({ name, from, to }) => `${name} is found by ${swap(from, to)}`,
);
