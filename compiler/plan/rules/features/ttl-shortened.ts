import { listed, onField, timeSwap } from '../../../tools/change-rule.ts';
import { modelsOf } from '../../questions/consumers.ts';

export const rule = onField(
  'feature_view',
  'ttlSeconds',
  {
    code: 'PLN120',
    class: 'retrain',
    title: 'the TTL of a view that models use is shortened',
    why: 'Values that counted so far are missing from now on, online at once and in training from the ' + 'next one.',
    whatToDo: 'Train again, and see what share of requests finds no value',
  },
  ({ name, from, to, base, head }) => {
    const users = modelsOf(name, base ?? head);
    if (users.length === 0 || Number(to) > Number(from)) return null;
    return `values of ${name} count for ${timeSwap(from, to)}, so ${listed(users)} meets more missing ones`;
  },
);
