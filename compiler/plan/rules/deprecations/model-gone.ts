import { listed, onRemoved } from '../../../tools/change-rule.ts';
import { usersOf } from '../../questions/deprecations.ts';

export const rule = onRemoved(
  'model',
  {
    code: 'PLN139',
    class: 'one-way',
    title: 'a model is removed after the day that was announced',
    why: 'Whoever still calls it is refused; the registry keeps its versions.',
    whatToDo: 'See in its metrics that nobody calls it any more',
  },
  (seen) => {
    const { before, name, today } = seen;
    if (!before.deprecated || today <= before.deprecated.until) return null;
    const users = usersOf(seen);
    const told = users.length === 0 ? '' : `; ${listed(users)} had until ${before.deprecated.until}`;
    return `${name} is removed, as announced${told}`;
  },
);
