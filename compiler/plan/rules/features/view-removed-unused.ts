import { onRemoved } from '../../../tools/change-rule.ts';
import { modelsOf } from '../../questions/consumers.ts';

export const rule = onRemoved(
  'feature_view',
  {
    code: 'PLN117',
    class: 'one-way',
    title: 'a feature view that no model uses is removed',
    why: 'Its values leave the online store, and nothing computes its history further.',
    whatToDo: 'Ask whether a notebook or another team reads it; the snapshots published so far stay',
  },
  ({ name, base }) => (modelsOf(name, base).length > 0 ? null : `${name} is removed, and no model uses it`),
);
