import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'pipeline',
  'start',
  {
    code: 'PLN228',
    class: 'compatible',
    title: 'the first day of a schedule moves on',
    why: 'Intervals before that day are no longer run, nor run again.',
    whatToDo: 'Nothing has to run',
  },
  ({ name, from, to }) => (String(to) > String(from) ? `${name} begins on ${swap(from, to)}` : null),
);
