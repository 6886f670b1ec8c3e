import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'model',
  'output',
  {
    code: 'PLN406',
    class: 'breaking',
    title: 'the output of a model changes',
    why: 'Callers and readers of its predictions find another column or type.',
    whatToDo: 'Agree with its callers first',
  },
  ({ name, field, from, to }) => `the ${field.slice('output/'.length)} of what ${name} returns is ${swap(from, to)}`,
);
