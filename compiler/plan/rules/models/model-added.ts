import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'model',
  {
    code: 'PLN401',
    class: 'retrain',
    title: 'a model is added',
    why: 'It has no version yet: its API answers, and its scoring runs, once a first one has passed ' + 'the gate.',
    whatToDo: 'Train it before anything calls it',
  },
  ({ name, after }) =>
    `${name} is new, and predicts ${after.label.column} of ${after.label.table} from ${after.inputs.length} inputs`,
);
