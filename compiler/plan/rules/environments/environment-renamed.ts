import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'environment',
  {
    code: 'PLN603',
    class: 'recreate',
    title: 'an environment is renamed',
    why: 'Its folder, its data streams of logs and its state are called by its name: the new one ' + 'begins empty.',
    whatToDo: 'Stop the old one, and take its state over by hand',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
