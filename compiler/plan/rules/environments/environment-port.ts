import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'environment',
  'ports',
  {
    code: 'PLN611',
    class: 'breaking',
    title: 'a part of an environment listens on another port',
    why: 'Whoever reaches it from outside by the old port is refused.',
    whatToDo: 'Tell whoever uses it, and see that a firewall lets it through',
  },
  ({ name, field, from, to }) => `${field.slice('ports/'.length)} of ${name} listens on ${swap(from, to)}`,
);
