import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'alias',
  'alias',
  {
    code: 'PLN460',
    class: 'breaking',
    title: 'an environment serves another alias',
    why: 'The version that it served keeps the old alias; under the new one there may be none.',
    whatToDo: 'Give the version that is to be served the new alias before this goes out',
  },
  ({ name, from, to }) => `${name} serves ${swap(from, to)}`,
);
