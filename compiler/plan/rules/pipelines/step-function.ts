import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  ['run/file', 'run/function', 'run/with'],
  {
    code: 'PLN238',
    class: 'backfill',
    byName: true,
    title: 'a step calls another function, or with other arguments',
    why: 'What it computes may differ from what it computed; rows of the past do not.',
    whatToDo: 'If values change, fill the history again and train what is fitted on it',
  },
  ({ name, field, from, to }) => ({
    sentence: `${name} runs with ${field.slice('run/'.length).replace('with/', '')} ${swap(from, to)}`,
    certainty: 'possible',
  }),
);
