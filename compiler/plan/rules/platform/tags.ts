import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  ['entity', 'feature_view', 'feature', 'model', 'pipeline'],
  'tags',
  {
    code: 'PLN902',
    class: 'metadata',
    title: 'tags change',
    why: 'People find things by them; nothing runs by them.',
    whatToDo: 'Nothing has to run',
  },
  ({ name, field, from, to }) => `${field} of ${name} is ${swap(from, to)}`,
);
