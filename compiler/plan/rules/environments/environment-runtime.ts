import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'environment',
  'runtime',
  {
    code: 'PLN604',
    class: 'recreate',
    title: 'an environment runs on another host',
    why: 'Everything is started again in another form, and finds no state there.',
    whatToDo: 'Stop the old form, and take its stores over',
  },
  ({ name, from, to }) => `${name} runs on ${swap(from, to)}`,
);
