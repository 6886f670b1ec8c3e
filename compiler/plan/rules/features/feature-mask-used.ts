import { onField } from '../../../tools/change-rule.ts';
import { masked, strength } from '../../questions/masks.ts';

export const rule = onField(
  ['model_feature', 'request_field'],
  'mask',
  {
    code: 'PLN132',
    class: 'one-way',
    title: 'a value is masked less in the logs of predictions',
    why: 'What was hashed or dropped so far is written as it is from now on, and a log is not taken back.',
    whatToDo: 'Ask who answers for personal data',
  },
  ({ name, from, to }) =>
    strength(to) < strength(from) ? `${name} stands in the logs ${masked(to)} instead of ${masked(from)}` : null,
);
