import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'environment',
  {
    code: 'PLN602',
    class: 'breaking',
    title: 'an environment is removed',
    why:
      'Nothing is compiled for it any more: what runs there runs on until somebody stops it, and ' +
      'can no longer be deployed.',
    whatToDo: 'Stop it before this goes out, and keep what its stores hold',
  },
  ({ name }) => `${name} is removed, and what runs there is nobody's`,
);
