import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'model_feature',
  ['type', 'view', 'feature', 'input'],
  {
    code: 'PLN427',
    class: 'metadata',
    follows: true,
    title: 'an input follows its feature',
    why: "The feature's own change says what it means.",
    whatToDo: 'Nothing has to run beyond that',
  },
  ({ name, field, from, to }) => `the ${field} of ${name} is ${swap(from, to)}`,
);
