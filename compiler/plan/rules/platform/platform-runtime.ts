import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'platform',
  'carriesRuntime',
  {
    code: 'PLN804',
    class: 'compatible',
    title: 'the runtime comes from elsewhere',
    why: 'A checkout of the compiler runs its own sources; another repository runs the wheel of the package.',
    whatToDo: 'Run `mlops up` once more; build the images of containers again',
  },
  ({ to }) => `the runtime is ${to ? 'the sources in runtime/' : 'the wheel of the package mlops-compiler'}`,
);
