import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'alert',
  {
    code: 'PLN701',
    class: 'breaking',
    title: 'an alert is removed',
    why: 'Nobody is called any more when it happens.',
    whatToDo: 'Agree with its owner',
  },
  ({ name, before }) => `${name} no longer calls ${before.owner}`,
);
