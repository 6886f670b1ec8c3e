import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'request_field',
  'nullable',
  {
    code: 'PLN436',
    class: 'breaking',
    title: 'a request field may no longer be null',
    why: 'Requests in which it is null are refused.',
    whatToDo: 'See in the logs whether callers send null',
  },
  ({ name, to }) => (to === false ? `${name} may no longer be null` : null),
);
