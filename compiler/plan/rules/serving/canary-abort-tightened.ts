import { onField, swap } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';

export const rule = onField(
  'service',
  'canary/abort',
  {
    code: 'PLN514',
    class: 'compatible',
    title: 'a version on trial is taken out sooner',
    why: 'It may be taken out by what is usual for the champion, too.',
    whatToDo: "See what the champion's figures are",
  },
  ({ name, field, from, to }) =>
    isLooser('max', from, to) ? null : `the trial of ${name} ends at ${field.split('/').at(-1)} ${swap(from, to)}`,
);
