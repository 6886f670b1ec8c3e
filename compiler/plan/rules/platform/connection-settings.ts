import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'connection',
  'settings',
  {
    code: 'PLN823',
    class: 'backfill',
    title: 'a connection leads elsewhere',
    why: 'Steps that use it may read other data from now on.',
    whatToDo: 'If it is another source, fill the history again from it',
  },
  ({ name, field, from, to }) => ({
    sentence: `${field.slice('settings/'.length)} of ${name} is ${swap(from, to)}`,
    certainty: 'possible',
  }),
);
