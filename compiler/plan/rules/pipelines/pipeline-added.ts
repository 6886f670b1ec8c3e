import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'pipeline',
  {
    code: 'PLN220',
    class: 'compatible',
    title: 'a pipeline is added',
    why: 'It starts by its schedule once it is deployed.',
    whatToDo: 'See that its first run goes well',
  },
  ({ name, after }) => `${name} is new, with ${after.steps.length} steps`,
);
