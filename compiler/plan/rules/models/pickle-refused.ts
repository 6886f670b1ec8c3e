import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'train',
  'pickle',
  {
    code: 'PLN464',
    class: 'retrain',
    title: 'models may hold no code any more',
    why: "The champion stays as it is; a training that returns types of the team's own fails.",
    whatToDo: 'Train it, and see that it ends well',
  },
  ({ name, to }) => (to === false ? `models of ${name} are stored without code` : null),
);
