import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'dashboard',
  {
    code: 'PLN724',
    class: 'recreate',
    title: 'a dashboard is renamed',
    why: 'Links to it may lead nowhere, since its uid follows its name where it states none.',
    whatToDo: 'State the old uid',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
