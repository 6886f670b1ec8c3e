import { onField } from '../../change-rule.ts';
import { refusals, topicsOf } from '../schemas.ts';

export const rule = onField(
  ['feature', 'feature_view', 'entity'],
  ['type', 'entities', 'batch/timestamp', 'batch/created', 'joinKey'],
  {
    code: 'KAF004',
    class: 'breaking',
    title: 'an incompatible change of a schema',
    why:
      'Events that producers send by the old schema, and those that still lie in the topic, are ' +
      'refused: they go to the dead letters, or are lost.',
    whatToDo: 'Stream the new form into a new topic, move the producers, then the consumer',
  },
  (pair) => {
    const found = topicsOf(pair).flatMap(({ topic, before, after }) =>
      refusals(before, after).map((each) => `events of ${topic} as they are sent today are refused: ${each}`),
    );
    return found.length > 0 ? found.join('; ') : null;
  },
);
