import { onField, swap } from '../../../tools/change-rule.ts';
import { isChannel } from '../../questions/channels.ts';

export const rule = onField(
  'environment',
  'alerting',
  {
    code: 'PLN614',
    class: 'compatible',
    title: 'a channel of alerts is added, or leads elsewhere',
    why: 'Alerts reach other people, or the same in another way.',
    whatToDo: 'Send one on trial',
  },
  ({ name, field, from, to }) =>
    to === null && isChannel(field) && from !== null
      ? null
      : `${field.slice('alerting/'.length)} of ${name} is ${swap(from, to)}`,
);
