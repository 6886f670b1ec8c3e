import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'table',
  'timestamp',
  {
    code: 'PLN204',
    class: 'retrain',
    title: 'the event time of a table changes',
    why: 'Which row counts for a moment is decided by it, in training and in scoring.',
    whatToDo: 'Train the models that read the table again',
  },
  ({ name, from, to }) => `the time of a row of ${name} is ${swap(from, to)}`,
);
