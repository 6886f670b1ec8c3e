import { onField, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'service',
  'clientTimeoutSeconds',
  {
    code: 'PLN505',
    class: 'compatible',
    title: 'how long callers are said to wait changes',
    why: 'An answer that comes later than that is computed for nobody.',
    whatToDo: "See that it is longer than the API's own timeout",
  },
  ({ name, from, to }) => `callers of ${name} wait ${timeSwap(from, to)}`,
);
