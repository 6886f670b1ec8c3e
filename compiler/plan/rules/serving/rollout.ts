import type { Plain } from '../../../diff/state.ts';
import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'service',
  'rollout',
  {
    code: 'PLN518',
    class: 'compatible',
    title: "an API's next process is tried another way before it takes over",
    why: 'A deploy that changes the API takes longer, or brings it to all callers at once.',
    whatToDo: 'See that the share brings requests enough to judge by in that time',
  },
  ({ name, field, from, to }) => {
    if (field !== 'rollout') return `the canary of ${name} has ${field.slice('rollout/'.length)} ${swap(from, to)}`;
    if (isNone(to)) return `the next process of ${name} takes over without having been tried`;
    return `the next process of ${name} is tried on a share of the connections before it takes over`;
  },
);

const isNone = (value: Plain | undefined): boolean => value === null || value === undefined;
