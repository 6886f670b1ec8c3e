import { listed, onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  'mode',
  {
    code: 'PLN236',
    class: 'one-way',
    title: 'a step replaces the whole table where it kept rows',
    why: 'The next run leaves only what it computes itself; older rows remain in older snapshots alone.',
    whatToDo: 'See that a run computes the whole history',
  },
  ({ name, to, after }) => (to === 'replace' ? `each run of ${name} replaces all of ${listed(after.writes)}` : null),
);
