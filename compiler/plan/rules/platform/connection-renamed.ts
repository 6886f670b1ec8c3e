import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'connection',
  {
    code: 'PLN822',
    class: 'recreate',
    title: 'a connection is renamed',
    why: "The team's code asks for it by name.",
    whatToDo: 'Change the code with it',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
