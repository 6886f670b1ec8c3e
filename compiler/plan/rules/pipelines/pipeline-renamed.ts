import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'pipeline',
  {
    code: 'PLN222',
    class: 'recreate',
    title: 'a pipeline is renamed',
    why:
      'To Airflow it is another DAG: the history of its runs stays under the old name, and a run ' +
      'that is going is not followed.',
    whatToDo: 'Let running runs end before this goes out',
  },
  ({ name, from }) => `${name} was called ${shown(from)}, and its runs still are`,
);
