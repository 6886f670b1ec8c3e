import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'owner',
  {
    code: 'PLN812',
    class: 'breaking',
    title: 'an owner is removed',
    why: 'What it owned has another owner, or none; alerts no longer reach it.',
    whatToDo: 'Let it agree',
  },
  ({ name }) => `${name} is removed`,
);
