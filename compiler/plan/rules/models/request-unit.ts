import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'request_field',
  'unit',
  {
    code: 'PLN440',
    class: 'breaking',
    title: 'the unit of a request field changes',
    why: 'The API takes the same numbers and predicts from them as if they were in the new unit.',
    whatToDo: 'Add a field whose name says the unit, move the callers, then remove the old one',
  },
  ({ name, from, to }) => (from === null ? null : `${name} is in ${swap(from, to)}`),
);
