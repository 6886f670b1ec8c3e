import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'feature_view',
  'online',
  {
    code: 'PLN128',
    class: 'backfill',
    title: 'a view comes into the online store',
    why: 'The online store is empty until the pipeline has run.',
    whatToDo: 'Fill the online store before a model is served from it',
  },
  ({ name, to }) => (to === true ? `${name} is online from now on, and its store is empty at first` : null),
);
