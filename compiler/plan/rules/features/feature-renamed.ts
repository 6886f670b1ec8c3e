import { onRenamed, shown } from '../../../tools/change-rule.ts';
import { modelsWith } from '../../questions/consumers.ts';

export const rule = onRenamed(
  'feature',
  {
    code: 'PLN104',
    class: 'backfill',
    title: 'a feature that no model uses is renamed',
    why: 'Rows of the past have the value in a column of the old name.',
    whatToDo: 'Fill the history again under the new name',
  },
  ({ name, from, before, base, head }) =>
    modelsWith(before, base ?? head).length > 0 ? null : `${name} was called ${shown(from)}, and the history still is`,
);
