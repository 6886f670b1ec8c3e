import { onAdded } from '../../change-rule.ts';

export const rule = onAdded(
  'log_index',
  {
    code: 'PLN730',
    class: 'compatible',
    title: 'a log index is added',
    why: 'Indices that match its pattern are made by it from then on.',
    whatToDo: 'See that no other template has its pattern',
  },
  ({ name, after }) => `${name} is new, for ${after.pattern}`,
);
