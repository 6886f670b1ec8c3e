import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  ['platform', 'entity', 'feature_view', 'feature', 'model', 'request_field', 'pipeline', 'step', 'dashboard'],
  'description',
  {
    code: 'PLN901',
    class: 'metadata',
    title: 'a description changes',
    why: 'People read it; nothing runs by it.',
    whatToDo: 'Nothing has to run',
  },
  ({ name }) => `${name} is described otherwise`,
);
