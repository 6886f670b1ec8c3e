import { listed, onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'step',
  {
    code: 'PLN231',
    class: 'compatible',
    title: 'a step is added to a pipeline',
    why: 'It runs with the next run; those that wait for it start later.',
    whatToDo: 'See that the pipeline still ends before its next run',
  },
  ({ name, after }) => `${name} is new${after.writes.length > 0 ? `, and writes ${listed(after.writes)}` : ''}`,
);
