import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'request_field',
  'nullable',
  {
    code: 'PLN437',
    class: 'retrain',
    title: 'a request field may be null',
    why: 'Versions so far have never seen it missing.',
    whatToDo: 'Train it on rows that lack the value before callers send null',
  },
  ({ name, to }) => (to === true ? `${name} may be null` : null),
);
