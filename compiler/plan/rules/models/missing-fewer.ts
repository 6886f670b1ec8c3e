import { onField } from '../../../tools/change-rule.ts';
import { most } from '../../questions/missing.ts';

export const rule = onField(
  'model',
  'maxMissing',
  {
    code: 'PLN442',
    class: 'breaking',
    title: 'a row may lack fewer features',
    why: 'What lacks more is answered with an error, and neither scored nor trained on.',
    whatToDo: 'See in its metrics what share of requests lacks a feature',
  },
  ({ name, from, to }) =>
    most(to) < most(from) ? `${name} refuses a row that lacks more than ${most(to)} % of its features` : null,
);
