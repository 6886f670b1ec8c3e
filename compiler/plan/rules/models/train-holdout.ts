import { onField, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'train',
  'holdoutSeconds',
  {
    code: 'PLN453',
    class: 'retrain',
    title: 'candidates are judged on another holdout',
    why: 'Figures of versions so far were measured on other rows, and cannot be compared with the next.',
    whatToDo: 'Train it, and do not read its figures beside older ones',
  },
  ({ name, from, to }) => `${name} is judged on the newest ${timeSwap(from, to)}`,
);
