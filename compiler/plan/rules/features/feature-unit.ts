import { listed, onField, shown } from '../../../tools/change-rule.ts';
import { modelsWith } from '../../questions/consumers.ts';

export const rule = onField(
  'feature',
  'unit',
  {
    code: 'PLN105',
    class: 'breaking',
    title: 'a feature that models use changes its unit',
    why:
      'The column goes on under the same name and type with values of another size, which no check ' +
      'can see; a live model predicts from them as if nothing had happened.',
    whatToDo: 'Declare a new feature with the new unit beside the old one, and train on that',
  },
  ({ name, from, to, before, head, base }) => {
    const users = modelsWith(before, base ?? head);
    if (from === null || users.length === 0) return null;
    const now = to === null ? 'no longer states its unit' : `is in ${shown(to)}`;
    const fitted = `the live version of ${listed(users)} was fitted on ${shown(from)}`;
    return `${name} ${now} instead of ${shown(from)}, and ${fitted}`;
  },
);
