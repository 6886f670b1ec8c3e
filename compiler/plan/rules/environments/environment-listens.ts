import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'environment',
  'listens',
  {
    code: 'PLN612',
    class: 'metadata',
    follows: true,
    title: 'where a part listens within its network follows its port',
    why: "The port's own change says what it means.",
    whatToDo: 'Nothing has to run beyond that',
  },
  ({ name, field, from, to }) => `${field.slice('listens/'.length)} of ${name} listens on ${swap(from, to)} within`,
);
