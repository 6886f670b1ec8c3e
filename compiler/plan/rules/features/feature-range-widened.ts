import { onField, shown } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';

export const rule = onField(
  'feature',
  ['min', 'max'],
  {
    code: 'PLN111',
    class: 'compatible',
    title: 'the expected range of a feature is widened',
    why: 'Values that were reported as wrong no longer are.',
    whatToDo: 'See that the values which are let through now are real',
  },
  ({ name, field, from, to }) =>
    isLooser(field, from, to)
      ? `${name} has ${field} ${shown(to)} instead of ${shown(from)}, so fewer values count as wrong`
      : null,
);
