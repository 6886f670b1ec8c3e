import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'dashboard',
  {
    code: 'PLN721',
    class: 'one-way',
    title: 'a dashboard is removed',
    why: 'Links to it lead nowhere.',
    whatToDo: 'Ask who looks at it',
  },
  ({ before }) => `${before.title} is removed`,
);
