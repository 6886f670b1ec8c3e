import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'model_feature',
  {
    code: 'PLN425',
    class: 'retrain',
    title: 'a model uses one more feature',
    why: 'Versions so far do not know it.',
    whatToDo: 'Fill its history where it is new, then train',
  },
  ({ after, address }) => `${address.split('/')[1]} uses ${after.view}.${after.feature}`,
);
