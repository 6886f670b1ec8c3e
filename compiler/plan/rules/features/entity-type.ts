import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'entity',
  'type',
  {
    code: 'PLN141',
    class: 'breaking',
    title: 'the type of a join key changes',
    why:
      'Keys of the old type are written in another form in the online store, and callers send them ' +
      'in the old one.',
    whatToDo: 'Add a new entity with this type beside the old one, and move views and callers over',
  },
  ({ name, from, to }) => `the key of ${name} is ${swap(from, to)}`,
);
