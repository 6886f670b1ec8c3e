import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';

export const rule = onField(
  'environment',
  'onlineTtlSeconds',
  {
    code: 'PLN609',
    class: 'compatible',
    title: 'online values without news stay longer',
    why: "The online store takes more memory; each view's own TTL goes on to say what counts.",
    whatToDo: 'See that Redis has room for it',
  },
  ({ name, from, to }) => (isLess(from, to) ? `${name} keeps online values for ${timeSwap(from, to)}` : null),
);
