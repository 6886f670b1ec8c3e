import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'pipeline',
  'start',
  {
    code: 'PLN227',
    class: 'backfill',
    title: 'the first day of a schedule moves back',
    why: 'With catch-up Airflow runs each interval since that day; without, the days before stay empty.',
    whatToDo: 'See how many runs that is, and what they write again',
  },
  ({ name, from, to }) => (String(to) < String(from) ? `${name} begins on ${swap(from, to)}` : null),
);
