import { listed, onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'feature_view',
  {
    code: 'PLN115',
    class: 'compatible',
    title: 'a feature view is added',
    why: 'Nothing uses it yet but what is added with it.',
    whatToDo: 'Let its pipeline run before anything that reads it',
  },
  ({ name, after }) => `${name} is new, with ${after.features.length} features of ${listed(after.entities)}`,
);
