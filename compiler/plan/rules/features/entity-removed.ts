import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'entity',
  {
    code: 'PLN143',
    class: 'one-way',
    title: 'an entity is removed',
    why: 'Online values under its key are found by nobody any more.',
    whatToDo: 'See that its views are gone from every environment first',
  },
  ({ name }) => `${name} is removed`,
);
