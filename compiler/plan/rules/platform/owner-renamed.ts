import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'owner',
  {
    code: 'PLN813',
    class: 'compatible',
    title: 'an owner is renamed',
    why: 'Labels of alerts carry the name: silences by the old one no longer match.',
    whatToDo: 'Change silences with it',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
