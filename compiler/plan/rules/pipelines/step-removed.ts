import { listed, onRemoved } from '../../../tools/change-rule.ts';
import { readersOf } from '../../questions/consumers.ts';

export const rule = onRemoved(
  'step',
  {
    code: 'PLN232',
    class: 'breaking',
    title: 'a step is removed whose table somebody still reads',
    why: 'The table stays as the last run left it, and nothing says so but its age.',
    whatToDo: 'Let another step write the table, or take its readers out first',
  },
  ({ name, before, head }) => {
    const read = before.writes.filter(
      (table) => readersOf(table, head).length > 0 && !head.tables.some((each) => each.name === table && each.writer),
    );
    return read.length === 0 ? null : `${name} no longer runs, and ${listed(read)} has readers`;
  },
);
