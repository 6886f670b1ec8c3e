import { onField, swap } from '../../../tools/change-rule.ts';
import { modelOfStep } from '../../questions/derived.ts';

export const rule = onField(
  'step',
  'reads',
  {
    code: 'PLN241',
    class: 'backfill',
    byName: true,
    title: 'a step reads other tables',
    why: 'What it computes may differ from what it computed before.',
    whatToDo: 'If values change, fill the history again and train what is fitted on it',
  },
  ({ name, address, from, to, head }) =>
    modelOfStep(head, address) === null ? { sentence: `${name} reads ${swap(from, to)}`, certainty: 'possible' } : null,
);
