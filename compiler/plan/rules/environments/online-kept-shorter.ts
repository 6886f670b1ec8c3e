import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';

export const rule = onField(
  'environment',
  'onlineTtlSeconds',
  {
    code: 'PLN608',
    class: 'backfill',
    title: 'online values without news vanish sooner',
    why: 'A key that gets no new values is gone from the online store, and its features are missing.',
    whatToDo: "See that no view's TTL is longer",
  },
  ({ name, from, to }) => (isLess(to, from) ? `${name} keeps online values for ${timeSwap(from, to)}` : null),
);
