import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'environment',
  {
    code: 'PLN601',
    class: 'compatible',
    title: 'an environment is added',
    why: 'It begins without data and without versions of models.',
    whatToDo: 'Set its secrets, start it, and fill it',
  },
  ({ name, after }) => `${name} is new, on ${after.runtime}`,
);
