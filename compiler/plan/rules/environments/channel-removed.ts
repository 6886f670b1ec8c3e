import { onField } from '../../../tools/change-rule.ts';
import { isChannel } from '../../questions/channels.ts';

export const rule = onField(
  'environment',
  'alerting',
  {
    code: 'PLN613',
    class: 'breaking',
    title: 'a channel of alerts is taken away',
    why: 'Alerts that went there reach nobody by that way.',
    whatToDo: 'See that each owner is still reached',
  },
  ({ name, field, from, to }) =>
    to === null && isChannel(field) && from !== null
      ? `alerts of ${name} no longer go to ${field.slice('alerting/'.length)}`
      : null,
);
