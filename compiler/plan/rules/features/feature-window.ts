import { listed, onField, timeSwap } from '../../../tools/change-rule.ts';
import { modelsWith } from '../../questions/consumers.ts';

export const rule = onField(
  'feature',
  'windowSeconds',
  {
    code: 'PLN108',
    class: 'retrain',
    title: 'the window of a feature that models use changes',
    why:
      'The values are of another stretch of time; history that was computed over the old one does ' +
      'not go with them.',
    whatToDo: 'Fill the history again, and train the models on it before they meet the new values',
  },
  ({ name, from, to, before, head, base }) => {
    const users = modelsWith(before, base ?? head);
    if (users.length === 0) return null;
    return `${name} covers ${timeSwap(from, to)}, and ${listed(users)} was fitted on the old window`;
  },
);
