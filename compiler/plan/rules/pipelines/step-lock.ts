import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  ['step', 'model'],
  ['run/lock', 'lock'],
  {
    code: 'PLN248',
    class: 'compatible',
    title: 'what runs with packages of its own changes',
    why: 'Other versions of packages run the same code.',
    whatToDo: 'See that its tests pass with these packages',
  },
  ({ name, from, to }) => `${name} takes its packages from ${swap(from, to)}`,
);
