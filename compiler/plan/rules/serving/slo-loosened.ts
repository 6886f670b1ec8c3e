import { onField, swap } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';
import { OBJECTIVES } from '../../questions/objectives.ts';

export const rule = onField(
  'online',
  ['objectives/latencySeconds', 'objectives/availability'],
  {
    code: 'PLN506',
    class: 'compatible',
    title: 'an objective of an API is loosened',
    why: 'Callers were promised more, and the alert about the error budget fires later.',
    whatToDo: 'Agree with the callers',
  },
  ({ name, field, from, to }) =>
    isLooser(OBJECTIVES[field] ?? field, from, to)
      ? `the ${field.split('/')[1]} of ${name} is ${swap(from, to)}`
      : null,
);
