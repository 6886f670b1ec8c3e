import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'feature_view',
  'batch/table',
  {
    code: 'PLN129',
    class: 'backfill',
    byName: true,
    title: 'a view reads another table',
    why: 'Its history is what that table holds; what was computed into the old one is no longer read.',
    whatToDo: 'Fill the new table as far back as the old one goes',
  },
  ({ name, from, to }) => `${name} is read from the table ${swap(from, to)}`,
);
