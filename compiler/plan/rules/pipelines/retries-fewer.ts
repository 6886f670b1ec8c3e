import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  'retries',
  {
    code: 'PLN243',
    class: 'compatible',
    title: 'a step is tried less often',
    why: 'A failure that passes by itself ends the run, and somebody is called.',
    whatToDo: 'See in its history how often a retry helped',
  },
  ({ name, from, to }) => (Number(to) < Number(from) ? `${name} is tried again ${to} times instead of ${from}` : null),
);
