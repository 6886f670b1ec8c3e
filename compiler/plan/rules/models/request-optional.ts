import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'request_field',
  {
    code: 'PLN431',
    class: 'breaking',
    title: 'a request has one more field, which may be null',
    why: 'The field may be null, but it must be there: a request without it is refused.',
    whatToDo: 'Let the callers send it on the day that this goes out',
  },
  ({ name, after }) => (after.nullable ? `${name} must be sent, if only as null` : null),
);
