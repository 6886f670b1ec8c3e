import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'alert',
  {
    code: 'PLN703',
    class: 'compatible',
    title: 'an alert is renamed',
    why: 'Silences, dashboards and runbooks that name the old one no longer match.',
    whatToDo: 'Change what names it with it',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
