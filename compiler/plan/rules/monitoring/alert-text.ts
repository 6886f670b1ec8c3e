import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'alert',
  ['summary', 'runbook', 'tests'],
  {
    code: 'PLN710',
    class: 'metadata',
    title: 'the words or the tests of an alert change',
    why: 'When it fires stays as it is.',
    whatToDo: 'Nothing has to run',
  },
  ({ name, field }) => `the ${field.split('/')[0]} of ${name} changes`,
);
