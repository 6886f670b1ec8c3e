import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'model',
  'task',
  {
    code: 'PLN404',
    class: 'breaking',
    title: 'the task of a model changes',
    why: 'Its predictions mean something else under the same name, and its metrics cannot be compared.',
    whatToDo: 'Give it a name of its own beside the old one',
  },
  ({ name, from, to }) => `${name} is ${swap(from, to)}`,
);
