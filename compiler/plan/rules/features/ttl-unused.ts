import { onField, timeSwap } from '../../../tools/change-rule.ts';
import { modelsOf } from '../../questions/consumers.ts';

export const rule = onField(
  'feature_view',
  'ttlSeconds',
  {
    code: 'PLN122',
    class: 'compatible',
    title: 'the TTL of a view that no model uses changes',
    why: 'No model joins its values.',
    whatToDo: 'Nothing has to run',
  },
  ({ name, from, to, base, head }) =>
    modelsOf(name, base ?? head).length > 0 ? null : `values of ${name} count for ${timeSwap(from, to)}`,
);
