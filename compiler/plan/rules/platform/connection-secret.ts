import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'connection',
  'secrets',
  {
    code: 'PLN824',
    class: 'recreate',
    title: 'a connection has another secret',
    why: 'Steps fail until the secret of that name is there, in every environment.',
    whatToDo: 'Put it there before this goes out, and revoke the old one',
  },
  ({ name, field, from, to }) => `${field.slice('secrets/'.length)} of ${name} is the secret ${swap(from, to)}`,
);
