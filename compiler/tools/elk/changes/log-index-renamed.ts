import { onRenamed, shown } from '../../change-rule.ts';

export const rule = onRenamed(
  'log_index',
  {
    code: 'PLN733',
    class: 'recreate',
    title: 'a log index is renamed',
    why: 'Under its old name the template stays in the index until it is deleted, and both may match.',
    whatToDo: 'Delete the old one once this is out',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
