import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'dashboard',
  {
    code: 'PLN720',
    class: 'compatible',
    title: 'a dashboard is added',
    why: 'Nothing depends on it yet.',
    whatToDo: 'Nothing has to run',
  },
  ({ after }) => `${after.title} is new`,
);
