import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'batch',
  {
    code: 'PLN480',
    class: 'compatible',
    title: 'a model is scored in batches',
    why: 'Its table of predictions begins with the next run.',
    whatToDo: 'See that a version is live before the first run',
  },
  ({ name, after }) => `${name} is scored for ${after.entities}, into ${after.output}`,
);
