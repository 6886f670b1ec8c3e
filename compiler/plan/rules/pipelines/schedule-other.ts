import { onField, swap } from '../../../tools/change-rule.ts';
import { longest, otherAssets } from '../../questions/schedules.ts';

export const rule = onField(
  'pipeline',
  'schedule',
  {
    code: 'PLN226',
    class: 'compatible',
    byName: true,
    title: 'a schedule changes otherwise',
    why: 'Runs start at other times, or for another reason.',
    whatToDo: 'See that what it reads is there at these times',
  },
  ({ name, before, after, field, from, to }) => {
    const was = longest(before.schedule);
    if (was !== null && was !== longest(after.schedule)) return null;
    const other = otherAssets(before.schedule, after.schedule);
    if (other === null) return `of the schedule of ${name}, ${field.slice('schedule/'.length)} is ${swap(from, to)}`;
    return after.derivedFrom ? null : `${name} ${other}`;
  },
);
