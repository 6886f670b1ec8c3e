import { listed, onField } from '../../../tools/change-rule.ts';
import { packagesIn } from '../../questions/lists.ts';

export const rule = onField(
  'model',
  'packages',
  {
    code: 'PLN458',
    class: 'retrain',
    title: 'a model is trained and served with other packages',
    why: 'A version that was saved with one version of a package is loaded with another, and may predict otherwise.',
    whatToDo: 'Train it, and let the version be loaded with the new packages before it is served',
  },
  ({ name, from, to }) => ({
    sentence: `${name} runs with ${listed(packagesIn(from, to)) || 'no packages of its own'}`,
    certainty: 'possible',
  }),
);
