import { onField } from '../../../tools/change-rule.ts';
import { masked, strength } from '../../questions/masks.ts';

export const rule = onField(
  ['model_feature', 'request_field'],
  'mask',
  {
    code: 'PLN133',
    class: 'compatible',
    title: 'a value is masked more in the logs of predictions',
    why: 'Monitors of drift no longer see the value as it is.',
    whatToDo: 'See that no dashboard reads it from the logs',
  },
  ({ name, from, to }) =>
    strength(to) > strength(from) ? `${name} stands in the logs ${masked(to)} instead of ${masked(from)}` : null,
);
