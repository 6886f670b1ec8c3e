import { onField, swap } from '../../../tools/change-rule.ts';
import { isWider } from '../../questions/types-of-values.ts';

export const rule = onField(
  'request_field',
  'type',
  {
    code: 'PLN434',
    class: 'breaking',
    title: 'the type of a request field changes so that values of before are refused',
    why: 'Callers that send the old type are refused.',
    whatToDo: 'Add a field with the new type, move the callers, then remove the old one',
  },
  ({ name, from, to }) => (isWider(from, to) ? null : `${name} is ${swap(from, to)}`),
);
