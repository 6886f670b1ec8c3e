import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'train',
  'with',
  {
    code: 'PLN451',
    class: 'retrain',
    title: 'a model is trained with other arguments',
    why: 'The live version was made with the old ones.',
    whatToDo: 'Train it, and look at what the gate says',
  },
  ({ name, field, from, to }) => `${name} is trained with ${field.slice('with/'.length)} ${swap(from, to)}`,
);
