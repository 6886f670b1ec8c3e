import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'step',
  {
    code: 'PLN234',
    class: 'recreate',
    title: 'a step is renamed',
    why: 'To Airflow it is another task: its history stays under the old name.',
    whatToDo: 'Let running runs end before this goes out',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
