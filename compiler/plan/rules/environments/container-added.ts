import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'container',
  {
    code: 'PLN620',
    class: 'compatible',
    title: 'a container of a team is added',
    why: 'It starts with the next deploy.',
    whatToDo: 'See that its secrets and its image are there',
  },
  ({ name, after }) => `${name} is new, from ${after.image}`,
);
