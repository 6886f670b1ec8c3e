import { onField } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';
import { keptOfLog } from '../../questions/prediction-log.ts';

export const rule = onField(
  'model',
  'monitoring/log',
  {
    code: 'PLN416',
    class: 'compatible',
    title: 'more is kept of the log of predictions',
    why: 'It takes more room on the disk.',
    whatToDo: 'See that the disk has room for it',
  },
  ({ name, field, from, to }) => (isLess(from, to) ? keptOfLog(name, field, from, to) : null),
);
