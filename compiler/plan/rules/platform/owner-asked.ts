import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'owner',
  'github',
  {
    code: 'PLN815',
    class: 'metadata',
    title: 'an owner has another name on GitHub',
    why: 'Pull requests ask that team or user for a review from now on.',
    whatToDo: 'Run `mlops codeowners`, where CODEOWNERS is written by it',
  },
  ({ name, from, to }) => `${name} is ${swap(from, to)} on GitHub`,
);
