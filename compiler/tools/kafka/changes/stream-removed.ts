import { onRemoved } from '../../change-rule.ts';

export const rule = onRemoved(
  'stream',
  {
    code: 'PLN312',
    class: 'breaking',
    title: 'a view is no longer streamed',
    why:
      'Producers go on writing into a topic that nobody reads; values are as old as the last run of' + ' the pipeline.',
    whatToDo: 'Agree with the producers and with the owners of the models',
  },
  ({ name, before }) => `${name} is no longer streamed from ${before.topic}`,
);
