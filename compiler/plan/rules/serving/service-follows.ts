import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'service',
  ['missingFeatures', 'maxMissing'],
  {
    code: 'PLN515',
    class: 'metadata',
    follows: true,
    title: 'a service follows its model',
    why: "The model's own change says what it means.",
    whatToDo: 'Nothing has to run beyond that',
  },
  ({ name, from, to }) => `what may be missing of ${name} is ${swap(from, to)}`,
);
