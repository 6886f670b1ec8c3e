import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'platform',
  'timezone',
  {
    code: 'PLN803',
    class: 'compatible',
    title: 'the time zone of the platform changes',
    why: 'Schedules that state none of their own start at another hour.',
    whatToDo: 'See that what they read is there by then',
  },
  ({ from, to }) => `times are of ${swap(from, to)}`,
);
