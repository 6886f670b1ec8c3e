import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'request_field',
  {
    code: 'PLN430',
    class: 'breaking',
    title: 'a request must have one more field',
    why: 'A request without it is refused.',
    whatToDo: 'Let the callers send it first; until then make it `nullable`',
  },
  ({ name, after }) => (after.nullable ? null : `${name} must be sent`),
);
