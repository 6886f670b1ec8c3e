import { onAdded } from '../../change-rule.ts';

export const rule = onAdded(
  'stream',
  {
    code: 'PLN311',
    class: 'compatible',
    title: 'a view is streamed',
    why: 'It gets values from the topic beside those of its table, in each environment with servers.',
    whatToDo: 'Let producers write once the topic is there',
  },
  ({ name, after }) => `${name} is streamed from ${after.topic}`,
);
