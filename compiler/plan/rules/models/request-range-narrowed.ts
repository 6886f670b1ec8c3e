import { onField, swap } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';

export const rule = onField(
  'request_field',
  ['min', 'max'],
  {
    code: 'PLN438',
    class: 'breaking',
    title: 'the range of a request field is narrowed',
    why: 'Values outside are refused.',
    whatToDo: 'See in the logs whether callers send such values',
  },
  ({ name, field, from, to }) =>
    isLooser(field, from, to) ? null : `${name} has ${field} ${swap(from, to)}, and what lies outside is refused`,
);
