import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'label',
  'type',
  {
    code: 'PLN421',
    class: 'retrain',
    title: 'the type of a label changes',
    why: 'The next version is fitted on other values.',
    whatToDo: 'Train it',
  },
  ({ name, from, to }) => `the label of ${name} is ${swap(from, to)}`,
);
