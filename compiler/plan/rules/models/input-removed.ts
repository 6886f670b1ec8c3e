import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'model_feature',
  {
    code: 'PLN426',
    class: 'retrain',
    title: 'a model no longer uses a feature',
    why: 'The live version asks for it until the next one.',
    whatToDo: 'Train, and keep the feature until that version is live everywhere',
  },
  ({ before, address }) => `${address.split('/')[1]} no longer uses ${before.view}.${before.feature}`,
);
