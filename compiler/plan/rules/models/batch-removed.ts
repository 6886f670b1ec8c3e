import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'batch',
  {
    code: 'PLN481',
    class: 'breaking',
    title: 'a model is no longer scored in batches',
    why: 'Its table of predictions stays as the last run left it.',
    whatToDo: 'Ask who reads the table',
  },
  ({ name, before }) => `${name} no longer writes ${before.output}`,
);
