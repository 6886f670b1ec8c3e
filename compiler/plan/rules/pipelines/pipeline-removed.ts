import { listed, onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'pipeline',
  {
    code: 'PLN221',
    class: 'one-way',
    title: 'a pipeline is removed',
    why: 'Its tables are no longer written, and Airflow forgets its runs with the file.',
    whatToDo: 'See that nobody waits for what it wrote',
  },
  ({ name, before }) => {
    if (before.derivedFrom) return null;
    const writes = before.steps.flatMap((step) => step.writes);
    return `${name} no longer runs${writes.length > 0 ? `, so nothing it did writes ${listed(writes)}` : ''}`;
  },
);
