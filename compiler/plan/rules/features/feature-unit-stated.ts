import { onField, shown } from '../../../tools/change-rule.ts';

export const rule = onField(
  'feature',
  'unit',
  {
    code: 'PLN107',
    class: 'metadata',
    title: 'a unit is stated where none was',
    why: 'The values stay what they are; people can read them now.',
    whatToDo: 'See that the values are in this unit already',
  },
  ({ name, from, to }) => (from === null ? `${name} is said to be in ${shown(to)}` : null),
);
