import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'dashboard',
  ['panels', 'title'],
  {
    code: 'PLN723',
    class: 'metadata',
    title: 'a dashboard shows something else',
    why: 'Nothing runs by it.',
    whatToDo: 'Nothing has to run',
  },
  ({ name, field }) => `${name} has another ${field === 'title' ? 'title' : 'list of panels'}`,
);
