import { onField, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'train',
  'windowSeconds',
  {
    code: 'PLN452',
    class: 'retrain',
    title: 'a model is trained on another stretch of time',
    why: 'The next version sees more or fewer rows than the live one did.',
    whatToDo: 'Train it, and look at what the gate says',
  },
  ({ name, from, to }) => `${name} is trained on ${timeSwap(from, to)} of rows`,
);
