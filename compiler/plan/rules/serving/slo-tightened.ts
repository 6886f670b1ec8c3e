import { onField, swap } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';
import { OBJECTIVES } from '../../questions/objectives.ts';

export const rule = onField(
  'online',
  ['objectives/latencySeconds', 'objectives/availability'],
  {
    code: 'PLN507',
    class: 'compatible',
    title: 'an objective of an API is tightened',
    why: 'The error budget shrinks for the whole window at once, so the alert may fire on the first day.',
    whatToDo: 'See in its metrics whether it would have held so far',
  },
  ({ name, field, from, to }) =>
    isLooser(OBJECTIVES[field] ?? field, from, to)
      ? null
      : `the ${field.split('/')[1]} of ${name} is ${swap(from, to)}`,
);
