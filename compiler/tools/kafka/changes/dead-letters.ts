import { onField, swap } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'deadLetterTopic',
  {
    code: 'PLN309',
    class: 'one-way',
    title: 'records that cannot be used go elsewhere, or nowhere',
    why: 'Without a topic for them they are left out, and what was in them is lost.',
    whatToDo: 'Read what is in the old one first',
  },
  ({ before, from, to }) => `what cannot be used of ${before.topic} goes to ${swap(from, to)}`,
);
