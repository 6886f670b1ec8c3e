import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'label',
  ['table', 'column', 'timestamp'],
  {
    code: 'PLN420',
    class: 'retrain',
    byName: true,
    title: 'a model learns another label',
    why:
      'What it predicts means something else from the next version on; monitors compare it with the' +
      ' new label at once.',
    whatToDo: 'Train it, and tell its callers when the meaning changes',
  },
  ({ name, field, from, to }) => `the ${field} of what ${name} learns is ${swap(from, to)}`,
);
