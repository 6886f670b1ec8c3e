import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'environment',
  'host',
  {
    code: 'PLN610',
    class: 'breaking',
    title: 'an environment is reached under another name',
    why: 'Callers, links in alerts and certificates have the old one.',
    whatToDo: 'Keep the old name until callers have changed',
  },
  ({ name, from, to }) => `${name} is reached at ${swap(from, to)}`,
);
