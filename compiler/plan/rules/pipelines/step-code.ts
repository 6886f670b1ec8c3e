import { listed, onField } from '../../../tools/change-rule.ts';
import { fittedOn } from '../../questions/consumers.ts';
import { functionsIn } from '../../questions/lists.ts';

export const rule = onField(
  'step',
  'code',
  {
    code: 'PLN260',
    class: 'retrain',
    title: 'code changes that computes what a model is fitted on',
    why:
      'Values may change, in new rows alone until history is computed again; a model goes on as it was fitted. ' +
      'Comments, layout and code that the step does not reach do not count.',
    whatToDo: 'Values may change: compute the history again and retrain?',
  },
  ({ name, from, to, after, head }) => {
    const models = fittedOn(after.writes, head);
    if (models.length === 0) return null;
    const what = listed(functionsIn(from, to));
    const sentence = `${name} reaches other code (${what}): values for ${listed(models)} may change`;
    return { sentence, certainty: 'possible' };
  },
);
