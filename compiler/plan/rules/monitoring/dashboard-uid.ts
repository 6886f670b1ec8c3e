import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'dashboard',
  'uid',
  {
    code: 'PLN722',
    class: 'recreate',
    title: 'a dashboard has another uid',
    why: 'Links to it lead nowhere; to Grafana it is another dashboard.',
    whatToDo: 'Keep the uid',
  },
  ({ name, from, to }) => `${name} is found at ${swap(from, to)}`,
);
