import { listed, onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'pipeline',
  {
    code: 'PLN220',
    class: 'compatible',
    title: 'a pipeline is added',
    why: 'It starts by its schedule once it is deployed.',
    whatToDo: 'See that its first run goes well',
  },
  ({ name, after }) => (after.derivedFrom ? null : `${name} is new: ${listed(after.steps.map((step) => step.name))}`),
);
