import { listed, onField, time } from '../../../tools/change-rule.ts';
import { viewsOf } from '../../questions/consumers.ts';
import { longest } from '../../questions/schedules.ts';

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
  ({ name, before, after, head }) => {
    const [was, is] = [longest(before.schedule), longest(after.schedule)];
    if (was === null || (is !== null && is <= was) || after.schedule.kind === 'assets') return null;
    const views = after.steps.flatMap(({ writes }) => writes).flatMap((table) => viewsOf(table, head));
    const met = views.length > 0 ? `; so seldom do ${listed(views.map((view) => view.name))} get new rows` : '';
    const now = is === null ? 'when somebody starts it' : `every ${time(is)}`;
    return `${name} runs ${now} instead of every ${time(was)}${met}`;
  },
);
