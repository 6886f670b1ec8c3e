import { listed, onField } from '../../../tools/change-rule.ts';
import { asksOtherwise, keysGone } from '../../questions/caller-keys.ts';

export const rule = onField(
  'environment',
  'proxy/keys',
  {
    code: 'PLN629',
    class: 'compatible',
    title: 'one more key of callers is valid',
    why: 'The proxy starts only when it has its value.',
    whatToDo: '`mlops secrets make` before this goes out',
  },
  ({ name, before, after }) =>
    asksOtherwise(before, after) || keysGone(before, after).length > 0
      ? null
      : `${name} knows ${listed(keysGone(after, before))}, too`,
);
