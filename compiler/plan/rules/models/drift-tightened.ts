import { onField, swap } from '../../../tools/change-rule.ts';
import { DRIFT, isQuieter } from '../../questions/drift.ts';

export const rule = onField(
  'model',
  'monitoring/drift',
  {
    code: 'PLN412',
    class: 'compatible',
    title: 'drift of a model is reported sooner, or of more inputs',
    why: 'The alert may fire at once.',
    whatToDo: 'See in its metrics how far the inputs have moved already',
  },
  ({ name, field, from, to }) =>
    isQuieter(field, from, to) ? null : `${DRIFT[field]} of ${name} is ${swap(from, to)}`,
);
