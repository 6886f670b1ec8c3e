import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'request_field',
  {
    code: 'PLN433',
    class: 'breaking',
    title: 'a field of a request is renamed',
    why: 'Under its old name it is refused, and under the new one it is missed.',
    whatToDo: 'Let the callers change it on the day that this goes out',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
