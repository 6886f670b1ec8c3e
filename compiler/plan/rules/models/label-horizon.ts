import { onField, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'label',
  'horizonSeconds',
  {
    code: 'PLN422',
    class: 'retrain',
    title: 'a model predicts further ahead, or less far',
    why:
      'Features are joined as of another moment in training; a version that was fitted for the old ' +
      'one is served until the next.',
    whatToDo: 'Train it, and agree with its callers when they ask',
  },
  ({ name, from, to }) => `${name} predicts ${timeSwap(from, to)} ahead`,
);
