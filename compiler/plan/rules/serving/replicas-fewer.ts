import { onField } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';

export const rule = onField(
  'service',
  ['replicas', 'workers'],
  {
    code: 'PLN510',
    class: 'compatible',
    title: 'an API runs with less',
    why: 'The same requests meet fewer workers: latency rises, and one that fails is a larger share.',
    whatToDo: 'See in its metrics how busy it is at its peak',
  },
  ({ name, field, from, to }) => (isLess(to, from) ? `${name} runs with ${to} ${field} instead of ${from}` : null),
);
