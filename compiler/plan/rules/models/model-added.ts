import { listed, onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'model',
  {
    code: 'PLN401',
    class: 'retrain',
    title: 'a model is added',
    why: 'It has no version yet: its API answers, and its scoring runs, once a first one has passed ' + 'the gate.',
    whatToDo: 'Train it before anything calls it',
  },
  ({ name, after: { label, inputs } }) =>
    `${name} is new, and predicts ${label.column} of ${label.table} from ${listed(inputs.map((each) => each.name))}`,
);
