import { onField, shown } from '../../../tools/change-rule.ts';
import { modelsWith } from '../../questions/consumers.ts';

export const rule = onField(
  'feature',
  'unit',
  {
    code: 'PLN106',
    class: 'backfill',
    title: 'a feature that no model uses changes its unit',
    why: 'Rows of the past are in the old unit.',
    whatToDo: 'Fill the history again, so that all rows are in one unit',
  },
  ({ name, from, to, before, head, base }) =>
    from === null || modelsWith(before, base ?? head).length > 0
      ? null
      : `${name} is in ${shown(to)} instead of ${shown(from)}`,
);
