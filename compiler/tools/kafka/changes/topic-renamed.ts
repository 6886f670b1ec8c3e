import { onField, swap } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'topic',
  {
    code: 'PLN307',
    class: 'breaking',
    title: 'a view is streamed from another topic',
    why: 'Producers go on writing into the old one, which nobody reads any more; the new one is empty.',
    whatToDo: 'Let producers write into both, then move the view, then remove the old one',
  },
  ({ name, from, to }) => `${name} is streamed from ${swap(from, to)}`,
);
