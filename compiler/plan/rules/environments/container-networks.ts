import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'container',
  'networks',
  {
    code: 'PLN626',
    class: 'recreate',
    title: 'a container is in other networks',
    why: 'What it could reach it no longer does, or it reaches what it should not.',
    whatToDo: 'Ask who answers for the platform',
  },
  ({ name, from, to }) => `${name} is in the networks ${swap(from, to)}`,
);
