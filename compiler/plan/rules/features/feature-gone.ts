import { listed, onGone, shown } from '../../../tools/change-rule.ts';
import { modelsWith } from '../../questions/consumers.ts';
import { isPromised } from '../../questions/deprecations.ts';

export const rule = onGone(
  'feature',
  {
    code: 'PLN100',
    class: 'breaking',
    title: 'a feature renamed or removed while a live model uses it',
    why:
      'The live version of a model goes on asking for the feature by its old name until a version ' +
      'that was trained without it has its alias.',
    whatToDo:
      'Keep the feature until a version trained without it is live everywhere, then remove it in a ' +
      'pull request of its own',
  },
  (seen) => {
    const { name, kind, from, before, base, head } = seen;
    const users = modelsWith(before, base ?? head);
    if (users.length === 0 || (kind === 'removed' && isPromised(seen))) return null;
    const what = kind === 'removed' ? 'is removed' : `takes the place of ${shown(from)}`;
    return `${name} ${what}, and the live version of ${listed(users)} asks for it by its old name`;
  },
);
