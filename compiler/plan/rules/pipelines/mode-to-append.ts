import { listed, onField, shown } from '../../../tools/change-rule.ts';

export const rule = onField(
  'step',
  'mode',
  {
    code: 'PLN235',
    class: 'breaking',
    title: 'a step appends where it replaced',
    why: 'A run that is repeated, by a retry or by hand, writes its rows twice.',
    whatToDo: 'Keep a mode that replaces, or see that the step leaves out what is there already',
  },
  ({ name, from, to, after }) =>
    to === 'append' ? `${name} adds to ${listed(after.writes)} where it had ${shown(from)}` : null,
);
