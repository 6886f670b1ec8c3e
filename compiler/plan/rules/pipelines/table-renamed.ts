import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'table',
  {
    code: 'PLN208',
    class: 'recreate',
    title: 'a table is renamed',
    why: 'Its history stays under the old name; the new one begins empty.',
    whatToDo: 'Fill the table again under its new name',
  },
  ({ name, from }) => `${name} was called ${shown(from)}, and its history still is`,
);
