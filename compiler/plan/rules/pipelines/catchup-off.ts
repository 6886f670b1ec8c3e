import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'pipeline',
  'catchup',
  {
    code: 'PLN230',
    class: 'one-way',
    title: 'missed runs are no longer made up for',
    why: 'An interval in which the platform was down stays without data.',
    whatToDo: 'Fill such intervals by hand',
  },
  ({ name, to }) => (to === false ? `${name} leaves out what it missed` : null),
);
