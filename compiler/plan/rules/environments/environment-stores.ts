import { onField, shown } from '../../../tools/change-rule.ts';

export const rule = onField(
  'environment',
  'stores',
  {
    code: 'PLN605',
    class: 'one-way',
    title: 'an environment has other stores',
    why: 'What the old stores hold is not brought along: history, online values, versions.',
    whatToDo: 'Export what must be kept, and fill the new stores',
  },
  ({ name, from, to }) => `${name} has ${shown(to)} stores instead of ${shown(from)}`,
);
