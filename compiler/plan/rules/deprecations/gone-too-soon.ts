import { onGone } from '../../../tools/change-rule.ts';
import { DEPRECATABLE, deprecationOf, isPromised, usedBy, usersOf } from '../../questions/deprecations.ts';

export const rule = onGone(
  DEPRECATABLE,
  {
    code: 'PLN137',
    class: 'breaking',
    title: 'something goes before the day that was announced, while it is used',
    why: 'Whoever uses it was promised more time, and has not moved yet.',
    whatToDo: 'Keep it until its day has passed and nothing uses it',
  },
  (seen) =>
    isPromised(seen)
      ? `${seen.kind === 'renamed' ? seen.from : seen.name} was to stay until ${deprecationOf(seen)?.until}, and ` +
        usedBy(usersOf(seen))
      : null,
);
