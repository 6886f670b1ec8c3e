import { onField } from '../../../tools/change-rule.ts';
import { isWider } from '../../questions/types-of-values.ts';

export const rule = onField(
  'feature',
  'type',
  {
    code: 'PLN102',
    class: 'one-way',
    title: 'a type is narrowed',
    why:
      'Values that the old type could hold are refused or cut by the new one, and what is cut does ' + 'not come back.',
    whatToDo: 'See whether the history holds values that do not fit, and keep a copy of it',
  },
  ({ name, from, to }) =>
    isWider(from, to) ? null : `not every ${from} fits into ${to}, so values of ${name} can be refused or lose digits`,
);
