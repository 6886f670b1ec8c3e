import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'column',
  {
    code: 'PLN201',
    class: 'compatible',
    title: 'a column is added to a table',
    why: 'Readers of the other columns go on; rows of the past lack it.',
    whatToDo: 'Fill the history where somebody reads the column of the past',
  },
  ({ name }) => `${name} is new`,
);
