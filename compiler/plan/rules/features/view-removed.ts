import { listed, onRemoved } from '../../../tools/change-rule.ts';
import { modelsOf } from '../../questions/consumers.ts';
import { isPromised } from '../../questions/deprecations.ts';

export const rule = onRemoved(
  'feature_view',
  {
    code: 'PLN116',
    class: 'breaking',
    title: 'a feature view is removed while a live model uses it',
    why:
      'The live version of a model goes on asking for its features until a version trained without ' +
      'them has its alias.',
    whatToDo:
      'Keep the view until a version trained without it is live everywhere, then remove it in a ' +
      'pull request of its own',
  },
  (seen) => {
    const { name, base } = seen;
    const users = modelsOf(name, base);
    return users.length === 0 || isPromised(seen)
      ? null
      : `${name} is removed, and the live version of ${listed(users)} asks for its features`;
  },
);
