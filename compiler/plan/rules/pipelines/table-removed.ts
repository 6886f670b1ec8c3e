import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'table',
  {
    code: 'PLN207',
    class: 'one-way',
    title: 'a table is no longer written or read',
    why: 'What was published stays, and grows old; readers outside the platform are known to nobody.',
    whatToDo: 'Ask whether somebody reads it outside the platform',
  },
  ({ name }) => `${name} is no longer a table of the platform`,
);
