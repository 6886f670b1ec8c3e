import { onField, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'feature',
  'windowSeconds',
  {
    code: 'PLN109',
    class: 'backfill',
    title: 'the window of a feature changes, and with it its history',
    why: 'Rows of the past were computed over the old window.',
    whatToDo: 'Fill the history again over the new window',
  },
  ({ name, from, to }) => `${name} covers ${timeSwap(from, to)} in new rows alone until its history is computed again`,
);
