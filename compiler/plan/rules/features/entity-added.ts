import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'entity',
  {
    code: 'PLN142',
    class: 'compatible',
    title: 'an entity is added',
    why: 'Nothing uses it yet but what is added with it.',
    whatToDo: 'Nothing has to run',
  },
  ({ name, after }) => `${name} is new, found by ${after.joinKey}`,
);
