import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';

export const rule = onField(
  ['online', 'service'],
  'timeoutSeconds',
  {
    code: 'PLN504',
    class: 'compatible',
    title: 'an API gives up later',
    why: 'A caller who waits less long sees an error of its own where ours came first.',
    whatToDo: 'See that callers wait longer than that',
  },
  ({ name, from, to }) => (isLess(from, to) ? `${name} gives up after ${timeSwap(from, to)}` : null),
);
