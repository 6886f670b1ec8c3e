import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'connection',
  {
    code: 'PLN821',
    class: 'compatible',
    title: 'a connection is removed',
    why: 'No step uses it; its secrets are still where they are.',
    whatToDo: 'Revoke its secrets',
  },
  ({ name }) => `${name} is removed`,
);
