import { onField } from '../../change-rule.ts';
import { refusals, topicsOf } from '../schemas.ts';

export const rule = onField(
  ['feature', 'feature_view', 'entity'],
  ['type', 'entities', 'batch/timestamp', 'batch/created', 'joinKey'],
  {
    code: 'PLN313',
    class: 'one-way',
    title: 'events no longer fit the old schema',
    why: 'Readers outside the platform that hold events against the old schema refuse new ones.',
    whatToDo: 'Ask who else reads the topic',
  },
  (pair) => {
    const found = topicsOf(pair).flatMap(({ topic, before, after }) =>
      refusals(before, after).length > 0
        ? []
        : refusals(after, before).map((each) => `new events of ${topic} do not fit the old schema: ${each}`),
    );
    return found.length > 0 ? found.join('; ') : null;
  },
);
