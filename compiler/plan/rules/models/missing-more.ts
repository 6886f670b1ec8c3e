import { onField } from '../../../tools/change-rule.ts';
import { most } from '../../questions/missing.ts';

export const rule = onField(
  'model',
  'maxMissing',
  {
    code: 'PLN443',
    class: 'retrain',
    title: 'a row may lack more features',
    why: 'Versions so far have not seen such rows.',
    whatToDo: 'Train it on rows that lack as many before it meets them',
  },
  ({ name, from, to }) => (most(to) >= most(from) ? `a row of ${name} may lack ${most(to)} % of its features` : null),
);
