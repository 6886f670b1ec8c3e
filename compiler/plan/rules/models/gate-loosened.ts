import { onField } from '../../../tools/change-rule.ts';
import { gate, isEasier } from '../../questions/gates.ts';

export const rule = onField(
  'train',
  'promoteIf',
  {
    code: 'PLN455',
    class: 'one-way',
    title: 'the gate lets more candidates through',
    why: 'A version can go live that would have been refused, and its predictions are acted upon.',
    whatToDo: 'Agree with whoever relies on the predictions',
  },
  ({ name, field, from, to }) =>
    isEasier(from, to) ? `to go live, a version of ${name} must ${gate(field, from, to)}` : null,
);
