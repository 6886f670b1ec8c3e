import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'environment',
  'secrets',
  {
    code: 'PLN615',
    class: 'recreate',
    title: 'secrets come from elsewhere',
    why: 'What runs finds no secret until they are there.',
    whatToDo: 'Put the secrets there before this goes out',
  },
  ({ name, field, from, to }) => `${field} of ${name} is ${swap(from, to)}`,
);
