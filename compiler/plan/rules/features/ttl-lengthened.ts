import { listed, onField, timeSwap } from '../../../tools/change-rule.ts';
import { modelsOf } from '../../questions/consumers.ts';

export const rule = onField(
  'feature_view',
  'ttlSeconds',
  {
    code: 'PLN121',
    class: 'retrain',
    title: 'the TTL of a view that models use is lengthened',
    why: 'Older values join from now on where the model was fitted on missing ones.',
    whatToDo: 'Train again with the values that join now',
  },
  ({ name, from, to, base, head }) => {
    const users = modelsOf(name, base ?? head);
    if (users.length === 0 || Number(to) < Number(from)) return null;
    return `values of ${name} count for ${timeSwap(from, to)}, so ${listed(users)} meets older ones than before`;
  },
);
