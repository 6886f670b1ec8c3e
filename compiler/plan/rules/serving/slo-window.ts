import { onField, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'online',
  'objectives/windowSeconds',
  {
    code: 'PLN508',
    class: 'compatible',
    title: 'the window of an objective changes',
    why: 'The error budget is counted over another stretch of time.',
    whatToDo: 'Agree with the callers',
  },
  ({ name, from, to }) => `the objectives of ${name} are about ${timeSwap(from, to)}`,
);
