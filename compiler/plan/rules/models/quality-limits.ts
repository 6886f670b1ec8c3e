import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'model',
  'monitoring/quality',
  {
    code: 'PLN413',
    class: 'compatible',
    title: "the limits of a model's quality change",
    why: 'The alert about bad predictions fires sooner, later or never.',
    whatToDo: 'Agree with whoever relies on the predictions',
  },
  ({ name, field, from, to }) => `of the quality of ${name}, ${field.split('/').at(-1)} is ${swap(from, to)}`,
);
