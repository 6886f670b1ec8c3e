import { onGone } from '../../../tools/change-rule.ts';
import { DEPRECATABLE, deprecationOf, isSooner, usersOf } from '../../questions/deprecations.ts';

export const rule = onGone(
  DEPRECATABLE,
  {
    code: 'PLN138',
    class: 'one-way',
    title: 'something goes before the day that was announced, and nobody known uses it',
    why: 'Who reads it outside the platform is known to nobody, and was promised more time.',
    whatToDo: 'Keep it until its day, or ask whoever reads it outside the platform',
  },
  (seen) =>
    isSooner(seen) && usersOf(seen).length === 0
      ? `${seen.kind === 'renamed' ? seen.from : seen.name} was to stay until ${deprecationOf(seen)?.until}`
      : null,
);
