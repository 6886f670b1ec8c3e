import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'owner',
  {
    code: 'PLN811',
    class: 'compatible',
    title: 'an owner is added',
    why: 'Alerts about what it owns go there.',
    whatToDo: 'Send one on trial',
  },
  ({ name }) => `${name} is new`,
);
