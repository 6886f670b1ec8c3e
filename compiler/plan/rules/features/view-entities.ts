import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'feature_view',
  'entities',
  {
    code: 'PLN125',
    class: 'breaking',
    byName: true,
    title: 'the entities of a view change',
    why: 'Its rows are found by other keys: callers must send them, history and online values have none.',
    whatToDo: 'Add a new view with these entities beside the old one, and move the models over',
  },
  ({ name, from, to }) => `${name} is found by ${swap(from, to)}`,
);
