import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  ['step', 'table', 'model'],
  ['outlets', 'asset'],
  {
    code: 'PLN249',
    class: 'metadata',
    follows: true,
    title: 'what Airflow is told of changes',
    why: 'Names of assets follow from tables and models; what starts by them is changed with them.',
    whatToDo: 'Nothing has to run',
  },
  ({ name }) => `the assets of ${name} are called otherwise`,
);
