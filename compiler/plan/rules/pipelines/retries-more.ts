import { onField, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  ['retries', 'retryDelaySeconds'],
  {
    code: 'PLN244',
    class: 'compatible',
    title: 'a step is tried again more often, or at other times',
    why: 'A step that fails for good ends later; what it does must bear being repeated.',
    whatToDo: 'See that the pipeline still ends before its next run',
  },
  ({ name, field, from, to }) => {
    if (field === 'retryDelaySeconds') return `${name} waits ${timeSwap(from, to)} before it is tried again`;
    return Number(to) > Number(from) ? `${name} is tried again ${to} times instead of ${from}` : null;
  },
);
