import { listed, onField } from '../../../tools/change-rule.ts';
import { fittedOn } from '../../questions/consumers.ts';
import { functionsIn } from '../../questions/lists.ts';

export const rule = onField(
  'step',
  'code',
  {
    code: 'PLN261',
    class: 'backfill',
    title: 'code of a step changes, and no model is fitted on what it computes',
    why: 'Values may change, in new rows alone until history is computed again.',
    whatToDo: 'Values may change: compute the history again?',
  },
  ({ name, from, to, after, head }) =>
    fittedOn(after.writes, head).length > 0
      ? null
      : { sentence: `${name} reaches other code (${listed(functionsIn(from, to))})`, certainty: 'possible' },
);
