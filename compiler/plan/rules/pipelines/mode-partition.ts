import { onField, shown, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  ['mode', 'partition'],
  {
    code: 'PLN237',
    class: 'backfill',
    title: 'a step replaces other rows of its table',
    why: 'Rows of the past stay as they were written by the old rule, some of them perhaps twice.',
    whatToDo: 'Fill the table again from the start',
  },
  ({ name, field, from, to, after }) => {
    if (field === 'partition') return `${name} replaces rows by ${swap(from, to)}`;
    return to === 'overwrite_partition' ? `each run of ${name} replaces rows by ${shown(after.partition)}` : null;
  },
);
