import { onField, shown } from '../../../tools/change-rule.ts';

export const rule = onField(
  'request_field',
  'unit',
  {
    code: 'PLN441',
    class: 'metadata',
    title: 'the unit of a request field is stated where none was',
    why: 'The values stay what they are.',
    whatToDo: 'See that callers send this unit already',
  },
  ({ name, from, to }) => (from === null ? `${name} is said to be in ${shown(to)}` : null),
);
