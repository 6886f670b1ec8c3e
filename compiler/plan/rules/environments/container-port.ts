import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'container',
  ['port', 'publish', 'tls'],
  {
    code: 'PLN625',
    class: 'breaking',
    title: 'a container is reached otherwise',
    why: 'Whoever reaches it as before is refused.',
    whatToDo: 'Change what calls it with it',
  },
  ({ name, field, from, to }) => `${field} of ${name} is ${swap(from, to)}`,
);
