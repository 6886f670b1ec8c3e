import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'pipeline',
  {
    code: 'PLN251',
    class: 'metadata',
    follows: true,
    title: 'a pipeline that models have by themselves is added',
    why: "The model's own change says what it means.",
    whatToDo: 'Nothing has to run beyond that',
  },
  ({ name, after }) => (after.derivedFrom ? `${name} is added with ${after.derivedFrom.model}` : null),
);
