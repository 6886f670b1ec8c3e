import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'pipeline',
  'catchup',
  {
    code: 'PLN229',
    class: 'backfill',
    title: 'missed runs are made up for',
    why: 'Airflow runs each missed interval since the start at once.',
    whatToDo: 'See how many runs that is, and that the steps can be repeated',
  },
  ({ name, to, after }) => (to === true ? `${name} makes up for each run missed since ${after.start}` : null),
);
