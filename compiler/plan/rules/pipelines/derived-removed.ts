import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'pipeline',
  {
    code: 'PLN252',
    class: 'metadata',
    follows: true,
    title: 'a pipeline that models have by themselves is removed',
    why: "The model's own change says what it means.",
    whatToDo: 'Nothing has to run beyond that',
  },
  ({ name, before }) => (before.derivedFrom ? `${name} is removed with ${before.derivedFrom.model}` : null),
);
