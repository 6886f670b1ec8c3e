import { listed, onField, time } from '../../../tools/change-rule.ts';
import { readersOf } from '../../questions/consumers.ts';
import { firstOfSchedule, longest } from '../../questions/schedules.ts';

export const rule = onField(
  'pipeline',
  'schedule',
  {
    code: 'PLN224',
    class: 'compatible',
    title: 'a schedule becomes slower',
    why:
      'What it writes is older when it is read; consumers that state no freshness have nothing that' + ' tells them.',
    whatToDo: 'Ask the owners of what reads its tables whether older values will do',
  },
  ({ name, field, before, after, head }) => {
    if (field !== firstOfSchedule(before.schedule, after.schedule)) return null;
    const [was, is] = [longest(before.schedule), longest(after.schedule)];
    if (was === null || (is !== null && is <= was) || after.schedule.kind === 'assets') return null;
    const readers = after.steps.flatMap(({ writes }) => writes).flatMap((table) => readersOf(table, head));
    const met = readers.length > 0 ? `; its tables are read by ${listed(readers)}` : '';
    const now = is === null ? 'when somebody starts it' : `every ${time(is)}`;
    return `${name} runs ${now} instead of every ${time(was)}${met}`;
  },
);
