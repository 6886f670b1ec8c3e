import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'pipeline',
  'derivedFrom',
  {
    code: 'PLN250',
    class: 'compatible',
    title: 'a pipeline is written out, or derived again',
    why: 'Its steps are those that stand in the specs from now on.',
    whatToDo: 'See that they are the ones that ran',
  },
  ({ name, to }) =>
    `${name} is ${to === null || to === undefined ? 'written in a spec of its own' : 'derived from its model'}`,
);
