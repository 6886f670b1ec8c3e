import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'container',
  'secrets',
  {
    code: 'PLN628',
    class: 'recreate',
    title: 'a container is given other secrets',
    why: 'It does not start where one is missing, nor do its work without one that it reads.',
    whatToDo: 'Put new secrets there before this goes out, and revoke those that nothing reads',
  },
  ({ name, from, to }) => `${name} is given the secrets ${swap(from, to)}`,
);
