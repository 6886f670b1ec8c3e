import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'model',
  {
    code: 'PLN403',
    class: 'breaking',
    title: 'a model is renamed',
    why:
      'Its API has another path, and the registry another model without a version: callers are ' +
      'refused until they call the new path, and that answers once a version has passed the gate.',
    whatToDo:
      'Add the model under its new name beside the old one, train it, move the callers, then remove' + ' the old one',
  },
  ({ name, from }) => `${name} was called ${shown(from)}, and its versions still are`,
);
