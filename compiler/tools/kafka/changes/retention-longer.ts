import { onField, timeSwap } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'retentionSeconds',
  {
    code: 'PLN303',
    class: 'compatible',
    title: 'records are kept for a longer time',
    why: 'They take more room on the disk.',
    whatToDo: 'See that the brokers have room for them',
  },
  ({ before, from, to }) =>
    Number(to) > Number(from) ? `${before.topic} keeps records for ${timeSwap(from, to)}` : null,
);
