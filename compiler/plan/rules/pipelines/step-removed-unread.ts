import { listed, onRemoved } from '../../../tools/change-rule.ts';
import { readersOf } from '../../questions/consumers.ts';

export const rule = onRemoved(
  'step',
  {
    code: 'PLN233',
    class: 'one-way',
    title: 'a step is removed',
    why: 'What it did no longer happens; Airflow keeps its old runs.',
    whatToDo: 'See that nobody waits for what it did',
  },
  ({ name, before, head }) => {
    const lost = before.writes.filter((table) => !head.tables.some((each) => each.name === table && each.writer));
    if (lost.some((table) => readersOf(table, head).length > 0)) return null;
    const what = before.run.kind === 'platform' ? before.run.uses : before.run.function;
    return `${name} (${what}) no longer runs${lost.length > 0 ? `, and nothing writes ${listed(lost)}` : ''}`;
  },
);
