import { onField, swap } from '../../../tools/change-rule.ts';
import { DRIFT, isQuieter } from '../../questions/drift.ts';

export const rule = onField(
  'model',
  'monitoring/drift',
  {
    code: 'PLN411',
    class: 'compatible',
    title: 'drift of a model is reported later, or of fewer inputs',
    why: 'A shift of the inputs goes unnoticed that was reported so far.',
    whatToDo: 'See in its history which alerts were real',
  },
  ({ name, field, from, to }) =>
    isQuieter(field, from, to) ? `${DRIFT[field]} of ${name} is ${swap(from, to)}` : null,
);
