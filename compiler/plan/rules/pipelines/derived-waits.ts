import { onField } from '../../../tools/change-rule.ts';
import { otherAssets } from '../../questions/schedules.ts';

export const rule = onField(
  'pipeline',
  'schedule',
  {
    code: 'PLN254',
    class: 'metadata',
    follows: true,
    title: "a model's own pipeline starts after other tables",
    why: 'It waits for what the model reads.',
    whatToDo: 'Nothing has to run beyond what the model needs',
  },
  ({ name, before, after }) => {
    const other = after.derivedFrom && otherAssets(before.schedule, after.schedule);
    return other ? `${name} ${other}` : null;
  },
);
