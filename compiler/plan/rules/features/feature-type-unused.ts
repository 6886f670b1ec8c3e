import { onField } from '../../../tools/change-rule.ts';
import { modelsWith } from '../../questions/consumers.ts';

export const rule = onField(
  'feature',
  'type',
  {
    code: 'PLN101',
    class: 'backfill',
    title: 'a feature that no model uses changes its type',
    why: 'Rows that were written with the old type are still there, and are read as the new one.',
    whatToDo: 'Fill the history again, so that all rows have the new type',
  },
  ({ name, from, to, before, head, base }) => {
    if (modelsWith(before, base ?? head).length > 0) return null;
    return `${name} becomes ${to} instead of ${from}, and no model uses it`;
  },
);
