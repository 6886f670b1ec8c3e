import { onField } from '../../../tools/change-rule.ts';
import { gate, isEasier } from '../../questions/gates.ts';

export const rule = onField(
  'train',
  'promoteIf',
  {
    code: 'PLN456',
    class: 'compatible',
    title: 'the gate lets fewer candidates through',
    why: 'The champion stays longer.',
    whatToDo: 'See by how much candidates have passed so far',
  },
  ({ name, field, from, to }) =>
    isEasier(from, to) ? null : `to go live, a version of ${name} must ${gate(field, from, to)}`,
);
