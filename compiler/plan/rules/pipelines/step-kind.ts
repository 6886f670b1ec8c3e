import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  ['run/kind', 'run/uses'],
  {
    code: 'PLN239',
    class: 'breaking',
    title: 'a step does something else',
    why: 'What ran under this name no longer runs; what needs the step goes on with another result.',
    whatToDo: 'Give the new work a step of its own',
  },
  ({ name, from, to }) => `${name} is ${swap(from, to)}`,
);
