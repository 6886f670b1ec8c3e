import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'model',
  'missingFeatures',
  {
    code: 'PLN409',
    class: 'retrain',
    title: 'a model predicts from missing features',
    why: 'Versions so far have never seen a missing value, and integer inputs become floats in the ' + 'signature.',
    whatToDo: 'Train it on rows that lack features before it meets them',
  },
  ({ name, to }) => (to === 'allow' ? `${name} predicts also where a feature is missing` : null),
);
