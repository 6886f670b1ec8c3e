import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'platform',
  {
    code: 'PLN802',
    class: 'compatible',
    title: 'a platform begins',
    why: 'Nothing was there before.',
    whatToDo: 'Start its environments, and let its pipelines run',
  },
  ({ name }) => `${name} is new`,
);
