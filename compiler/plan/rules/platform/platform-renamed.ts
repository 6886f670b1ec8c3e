import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'platform',
  {
    code: 'PLN801',
    class: 'recreate',
    title: 'the platform is renamed',
    why:
      "Feast's project and online keys, Compose's project with its volumes, labels and titles are made of it: under " +
      'the new name all of them begin empty, and what runs under the old one stays until somebody ends it.',
    whatToDo: 'Keep the name, or end the old one, move its volumes and bring all values online again',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
