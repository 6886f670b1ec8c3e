import { onField, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  'timeoutSeconds',
  {
    code: 'PLN246',
    class: 'compatible',
    title: 'a step may take longer',
    why: 'A step that hangs is noticed later.',
    whatToDo: 'See that the pipeline still ends before its next run',
  },
  ({ name, from, to }) => (Number(to) > Number(from) ? `${name} is ended after ${timeSwap(from, to)}` : null),
);
