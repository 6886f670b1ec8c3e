import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';

export const rule = onField(
  ['online', 'service'],
  'timeoutSeconds',
  {
    code: 'PLN503',
    class: 'breaking',
    title: 'an API gives up sooner',
    why: 'Requests that were answered late are answered with an error.',
    whatToDo: 'See in its metrics how long the slowest requests take',
  },
  ({ name, from, to }) => (isLess(to, from) ? `${name} gives up after ${timeSwap(from, to)}` : null),
);
