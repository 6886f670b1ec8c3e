import { onField } from '../../../tools/change-rule.ts';
import { DEPRECATABLE, usedBy, usersOf } from '../../questions/deprecations.ts';

export const rule = onField(
  DEPRECATABLE,
  'deprecated',
  {
    code: 'PLN135',
    class: 'compatible',
    title: 'the day on which something goes is brought forward',
    why: 'Whoever planned by the old day has less time than was promised.',
    whatToDo: 'Agree with whoever uses it',
  },
  (seen) => {
    const [old, now] = [seen.before.deprecated, seen.after.deprecated];
    if (!old || !now || now.until >= old.until) return null;
    return `${seen.name} goes after ${now.until} instead of ${old.until}; ${usedBy(usersOf(seen))}`;
  },
);
