import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'train',
  ['metric', 'goal'],
  {
    code: 'PLN454',
    class: 'retrain',
    title: 'candidates are judged by another metric',
    why: 'A version that passed by the old metric might not by the new one.',
    whatToDo: 'Train it, and see that champion and baseline are measured by it, too',
  },
  ({ name, field, from, to }) => `the ${field} of ${name} is ${swap(from, to)}`,
);
