import { onField, swap } from '../../../tools/change-rule.ts';
import { firstOfSchedule, longest } from '../../questions/schedules.ts';

export const rule = onField(
  'pipeline',
  'schedule',
  {
    code: 'PLN226',
    class: 'compatible',
    title: 'a schedule changes otherwise',
    why: 'Runs start at other times, or for another reason.',
    whatToDo: 'See that what it reads is there at these times',
  },
  ({ name, before, after, field, from, to }) =>
    longest(before.schedule) === longest(after.schedule) ||
    longest(before.schedule) === null ||
    field !== firstOfSchedule(before.schedule, after.schedule)
      ? `of the schedule of ${name}, ${field.slice('schedule/'.length)} is ${swap(from, to)}`
      : null,
);
