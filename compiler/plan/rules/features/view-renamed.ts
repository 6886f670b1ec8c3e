import { listed, onRenamed, shown } from '../../../tools/change-rule.ts';
import { modelsOf } from '../../questions/consumers.ts';

export const rule = onRenamed(
  'feature_view',
  {
    code: 'PLN118',
    class: 'breaking',
    title: 'a feature view is renamed while a live model uses it',
    why:
      'The inputs of a model are called by view and feature, so its live version asks for a view ' +
      'that is no longer there; online values and history stay under the old name.',
    whatToDo:
      'Add the view under its new name beside the old one, fill it, train on it, and remove the old' +
      ' one once no live version uses it',
  },
  ({ name, from, base, head }) => {
    const users = modelsOf(String(from), base ?? head);
    return users.length === 0
      ? null
      : `${name} was called ${shown(from)}, and the live version of ${listed(users)} asks for that name`;
  },
);
