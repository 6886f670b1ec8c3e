import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'service',
  'canary',
  {
    code: 'PLN512',
    class: 'compatible',
    title: 'a version on trial gets another share of requests',
    why: 'That share of the callers is answered by the version on trial.',
    whatToDo: 'See that the alias on trial has a version, and who looks at it',
  },
  ({ name, field, from, to }) =>
    field.startsWith('canary/abort')
      ? null
      : `${name}: ${field === 'canary' ? 'the canary' : field.slice('canary/'.length)} is ${swap(from, to)}`,
);
