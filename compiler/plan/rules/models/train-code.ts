import { listed, onField } from '../../../tools/change-rule.ts';
import { functionsIn } from '../../questions/lists.ts';

export const rule = onField(
  'train',
  'code',
  {
    code: 'PLN457',
    class: 'retrain',
    title: 'code changes that trains a model',
    why: 'The next version may differ from the live one. Comments, layout and code out of its reach do not count.',
    whatToDo: 'Train it, and look at what the gate says',
  },
  ({ name, from, to }) => ({
    sentence: `the training of ${name} reaches other code (${listed(functionsIn(from, to))})`,
    certainty: 'possible',
  }),
);
