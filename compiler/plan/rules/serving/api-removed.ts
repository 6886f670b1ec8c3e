import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'online',
  {
    code: 'PLN502',
    class: 'breaking',
    title: 'a model loses its API',
    why: 'Whoever calls it is refused.',
    whatToDo: 'See in its metrics that nobody calls it',
  },
  ({ name }) => `${name} no longer has an API`,
);
