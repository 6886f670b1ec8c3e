import { onField, swap } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'cleanup',
  {
    code: 'PLN304',
    class: 'one-way',
    title: 'a topic is cleaned up by another policy',
    why:
      'By compaction all but the newest record of each key goes; by deletion all that is older than' +
      ' the retention goes.',
    whatToDo: 'Read the topic into a table first where its history is wanted',
  },
  ({ before, from, to }) => `${before.topic} is cleaned up by ${swap(from, to)}`,
);
