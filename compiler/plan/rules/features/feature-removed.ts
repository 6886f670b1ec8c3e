import { onRemoved } from '../../../tools/change-rule.ts';
import { modelsWith } from '../../questions/consumers.ts';
import { isSooner } from '../../questions/deprecations.ts';

export const rule = onRemoved(
  'feature',
  {
    code: 'PLN103',
    class: 'one-way',
    title: 'a feature that no model uses is removed',
    why:
      'Tables that are published from now on lack the column; who reads it outside the platform is ' +
      'known to nobody.',
    whatToDo: 'Ask whether a notebook or another team reads it; the snapshots published so far keep it',
  },
  (seen) =>
    modelsWith(seen.before, seen.base).length > 0 || isSooner(seen)
      ? null
      : `${seen.name} is removed, and no model uses it`,
);
