import { onField, swap } from '../../../tools/change-rule.ts';
import { keyOf } from '../../questions/signatures.ts';

export const rule = onField(
  'model',
  'entities',
  {
    code: 'PLN407',
    class: 'breaking',
    title: 'callers must send other keys',
    why: 'A request with the old keys is refused.',
    whatToDo: 'Agree with its callers, and let them send the new keys on the day that this goes out',
  },
  ({ name, before, after }) =>
    `a request to ${name} has the keys ${swap(before.entities.map(keyOf), after.entities.map(keyOf))}`,
);
