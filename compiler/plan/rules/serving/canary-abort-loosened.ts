import { onField, swap } from '../../../tools/change-rule.ts';
import { isLooser } from '../../questions/limits.ts';

export const rule = onField(
  'service',
  'canary/abort',
  {
    code: 'PLN513',
    class: 'compatible',
    title: 'a version on trial is taken out later',
    why: 'More callers meet its errors before it is taken out.',
    whatToDo: 'Agree with the callers',
  },
  ({ name, field, from, to }) =>
    isLooser('max', from, to) ? `the trial of ${name} ends at ${field.split('/').at(-1)} ${swap(from, to)}` : null,
);
