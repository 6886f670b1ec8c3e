import { onField, time } from '../../../tools/change-rule.ts';
import { longest } from '../../questions/schedules.ts';

export const rule = onField(
  'pipeline',
  'schedule',
  {
    code: 'PLN225',
    class: 'compatible',
    title: 'a schedule becomes faster',
    why: 'More runs do the same work; what they read must be there by then.',
    whatToDo: 'See that a run ends before the next one is due',
  },
  ({ name, before, after }) => {
    const [was, is] = [longest(before.schedule), longest(after.schedule)];
    return was === null || is === null || is >= was
      ? null
      : `${name} runs every ${time(is)} instead of every ${time(was)}`;
  },
);
