import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'alias',
  {
    code: 'PLN463',
    class: 'metadata',
    follows: true,
    title: 'a model has no alias in an environment that is gone',
    why: 'The version keeps its alias in the registry.',
    whatToDo: 'Nothing has to run',
  },
  ({ name, before }) => `'${before.alias}' of ${name} is no longer served`,
);
