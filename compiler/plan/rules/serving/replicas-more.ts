import { onField } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';

export const rule = onField(
  'service',
  ['replicas', 'workers'],
  {
    code: 'PLN511',
    class: 'compatible',
    title: 'an API runs with more',
    why: 'It takes more memory and connections.',
    whatToDo: 'See that the host has room for it',
  },
  ({ name, field, from, to }) => (isLess(from, to) ? `${name} runs with ${to} ${field} instead of ${from}` : null),
);
