import { listed, onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'model',
  {
    code: 'PLN402',
    class: 'breaking',
    title: 'a model is removed',
    why:
      'Whoever calls its API is refused, and its predictions are no longer written; the registry ' +
      'keeps its versions.',
    whatToDo:
      'See in its metrics that nobody calls it; its registered model stays in MLflow until somebody deletes it there',
  },
  ({ name, before }) => {
    // What was announced has rules of its own.
    if (before.deprecated) return null;
    const ways = [...(before.online ? ['its API'] : []), ...(before.batch ? [`the table ${before.batch.output}`] : [])];
    return `${name} is removed${ways.length > 0 ? `, and with it ${listed(ways)}` : ''}`;
  },
);
