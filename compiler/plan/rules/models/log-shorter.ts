import { onField } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';
import { keptOfLog } from '../../questions/prediction-log.ts';

export const rule = onField(
  'model',
  'monitoring/log',
  {
    code: 'PLN415',
    class: 'one-way',
    title: 'less is kept of the log of predictions',
    why:
      'What is older, or too much, is deleted with the next prediction, and drift and quality are no longer ' +
      'measured on it.',
    whatToDo: 'Copy the oldest days out of the log where somebody needs them',
  },
  ({ name, field, from, to }) => (isLess(to, from) ? keptOfLog(name, field, from, to) : null),
);
