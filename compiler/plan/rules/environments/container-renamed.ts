import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'container',
  {
    code: 'PLN622',
    class: 'recreate',
    title: 'a container of a team is renamed',
    why: 'Others reach it by its name; the old one is stopped and another is started.',
    whatToDo: 'Change what calls it with it',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
