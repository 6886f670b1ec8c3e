import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  'connections',
  {
    code: 'PLN247',
    class: 'compatible',
    title: 'a step reaches other systems',
    why: 'It is given the secrets of those connections, in every environment.',
    whatToDo: 'See that the secrets are there before this goes out',
  },
  ({ name, from, to }) => `${name} may use ${swap(from, to)}`,
);
