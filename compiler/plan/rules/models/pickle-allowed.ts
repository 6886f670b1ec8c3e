import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'train',
  'pickle',
  {
    code: 'PLN459',
    class: 'compatible',
    title: 'models may hold code',
    why: 'Whatever loads a pickle runs the code in it: APIs, batch scoring and everybody who opens the notebook.',
    whatToDo: 'See whether the estimator can be of types that are stored without code',
  },
  ({ name, to }) => (to === true ? `models of ${name} may be stored as pickles` : null),
);
