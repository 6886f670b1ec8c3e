import { onField, swap } from '../../../tools/change-rule.ts';
import { modelOfStep } from '../../questions/derived.ts';

export const rule = onField(
  'step',
  'reads',
  {
    code: 'PLN253',
    class: 'metadata',
    follows: true,
    title: "a step of a model's own pipeline reads other tables",
    why: "The model's own change says what it means.",
    whatToDo: 'Nothing has to run beyond that',
  },
  ({ name, address, from, to, head }) =>
    modelOfStep(head, address) === null ? null : `${name} reads ${swap(from, to)}, as its model does`,
);
