import { onField, swap } from '../../../tools/change-rule.ts';
import { isWider } from '../../questions/types-of-values.ts';

export const rule = onField(
  'request_field',
  'type',
  {
    code: 'PLN435',
    class: 'retrain',
    title: 'the type of a request field is widened',
    why: 'Callers go on; the signature of the next version is another one.',
    whatToDo: 'Train it',
  },
  ({ name, from, to }) => (isWider(from, to) ? `${name} is ${swap(from, to)}` : null),
);
