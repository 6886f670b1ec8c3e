import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'container',
  {
    code: 'PLN621',
    class: 'breaking',
    title: 'a container of a team is removed',
    why: 'Whoever calls it is refused; its volumes stay.',
    whatToDo: 'See that nobody calls it',
  },
  ({ name, before }) => `${name} (${before.image}) no longer runs`,
);
