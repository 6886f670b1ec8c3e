import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  ['alias', 'service', 'consumer'],
  ['environment', 'model', 'view'],
  {
    code: 'PLN461',
    class: 'metadata',
    follows: true,
    title: 'what an environment runs follows a name',
    why: "The renamed object's own change says what it means.",
    whatToDo: 'Nothing has to run beyond that',
  },
  ({ name, from, to }) => `${name} belongs to ${swap(from, to)}`,
);
