import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  'needs',
  {
    code: 'PLN240',
    class: 'compatible',
    byName: true,
    title: 'a step waits for other steps',
    why: 'It starts sooner or later within a run; what it no longer waits for may not be done by then.',
    whatToDo: 'See that what it reads is written before it starts',
  },
  ({ name, from, to }) => `${name} waits for ${swap(from, to)}`,
);
