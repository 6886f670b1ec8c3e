import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'platform',
  {
    code: 'PLN801',
    class: 'recreate',
    title: 'the platform is renamed',
    why: 'Labels, titles and names in every tool are made of it.',
    whatToDo: 'Agree with everybody who reads them',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
