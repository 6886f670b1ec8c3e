import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'model',
  'folder',
  {
    code: 'PLN414',
    class: 'metadata',
    title: 'a model moves to another folder',
    why: 'Its code and its lock are read from there.',
    whatToDo: 'Nothing has to run',
  },
  ({ name, from, to }) => `${name} stands in ${swap(from, to)}`,
);
