import { listed, onField } from '../../../tools/change-rule.ts';
import { packagesIn } from '../../questions/lists.ts';

export const rule = onField(
  'step',
  'packages',
  {
    code: 'PLN262',
    class: 'backfill',
    title: 'a step runs with other packages',
    why: 'The same code may compute other values with other versions of its packages.',
    whatToDo: 'Values may change: compute the history again?',
  },
  ({ name, from, to }) => ({
    sentence: `${name} runs with ${listed(packagesIn(from, to)) || 'no packages of its own'}`,
    certainty: 'possible',
  }),
);
