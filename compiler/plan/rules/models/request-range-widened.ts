import { onField, swap } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';

export const rule = onField(
  'request_field',
  ['min', 'max'],
  {
    code: 'PLN439',
    class: 'compatible',
    title: 'the range of a request field is widened',
    why: 'Values come through that the model was never fitted on.',
    whatToDo: 'See that training rows hold such values',
  },
  ({ name, field, from, to }) => (isLooser(field, from, to) ? `${name} has ${field} ${swap(from, to)}` : null),
);
