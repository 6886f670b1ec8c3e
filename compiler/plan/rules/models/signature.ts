import { onField } from '../../../tools/change-rule.ts';
import { inputChanges } from '../../questions/signatures.ts';

export const rule = onField(
  'model',
  'inputs',
  {
    code: 'PLN405',
    class: 'retrain',
    title: 'the inputs of a model change',
    why: 'Versions so far have another signature: the specs say what the next one is called with.',
    whatToDo: 'Train it, and let the version pass the gate before what served it goes',
  },
  ({ name, before, after }) => `the signature of ${name} changes: ${inputChanges(before.inputs, after.inputs)}`,
);
