import { onRemoved } from '../../../tools/change-rule.ts';
import { modelsOf } from '../../questions/consumers.ts';
import { isSooner } from '../../questions/deprecations.ts';

export const rule = onRemoved(
  'feature_view',
  {
    code: 'PLN117',
    class: 'one-way',
    title: 'a feature view that no model uses is removed',
    why: 'Its values stay online until they are dropped by name, and nothing computes its history further.',
    whatToDo: 'Ask whether a notebook or another team reads it; the snapshots published so far stay',
  },
  (seen) =>
    modelsOf(seen.name, seen.base).length > 0 || isSooner(seen)
      ? null
      : `${seen.name} is removed, and no model uses it`,
);
