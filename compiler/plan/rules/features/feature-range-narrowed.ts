import { onField, shown } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';

export const rule = onField(
  'feature',
  ['min', 'max'],
  {
    code: 'PLN110',
    class: 'compatible',
    title: 'the expected range of a feature is narrowed',
    why: 'No value is refused: the monitor reports what lies outside.',
    whatToDo: 'See in the history how many values lie outside, or the alert fires at once',
  },
  ({ name, field, from, to }) =>
    isLooser(field, from, to)
      ? null
      : `${name} has ${field} ${shown(to)} instead of ${shown(from)}, so more values count as wrong`,
);
