import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'feature',
  {
    code: 'PLN114',
    class: 'backfill',
    title: 'a feature is added to a view that has history',
    why: 'Rows of the past have no value for it, so a model trained on them sees it as missing.',
    whatToDo: 'Fill the history before a model is trained on it',
  },
  ({ name }) => `${name} is new, and rows of the past lack it`,
);
