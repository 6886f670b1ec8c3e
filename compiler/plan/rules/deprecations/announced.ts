import { onField } from '../../../tools/change-rule.ts';
import { DEPRECATABLE, instead, usedBy, usersOf } from '../../questions/deprecations.ts';

export const rule = onField(
  DEPRECATABLE,
  'deprecated',
  {
    code: 'PLN134',
    class: 'compatible',
    title: 'something is announced to go',
    why: 'Nothing changes until its day; whoever uses it is warned from now on.',
    whatToDo: 'Move what uses it to what takes its place before that day',
  },
  (seen) => {
    const { before, after, name } = seen;
    if (before.deprecated || !after.deprecated) return null;
    return `${name} goes after ${after.deprecated.until}${instead(after.deprecated)}; ${usedBy(usersOf(seen))}`;
  },
);
