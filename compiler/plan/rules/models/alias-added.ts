import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'alias',
  {
    code: 'PLN462',
    class: 'metadata',
    follows: true,
    title: 'a model has an alias in a new environment',
    why: 'The environment serves what is given that alias.',
    whatToDo: 'Train it there, or give a version the alias',
  },
  ({ name, after }) => `${name} serves '${after.alias}'`,
);
