import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'alert',
  {
    code: 'PLN702',
    class: 'compatible',
    title: 'an alert is added',
    why: 'Its owner is called when it fires.',
    whatToDo: 'See that the owner knows what to do',
  },
  ({ name, after }) => `${name} calls ${after.owner} (${after.severity})`,
);
