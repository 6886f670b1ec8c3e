import { onRenamed, shown } from '../../../tools/change-rule.ts';
import { modelsOf } from '../../questions/consumers.ts';

export const rule = onRenamed(
  'feature_view',
  {
    code: 'PLN119',
    class: 'recreate',
    title: 'a feature view that no model uses is renamed',
    why:
      'To the feature store it is a new view without values; what is there stays under the old name' +
      ' until it is removed.',
    whatToDo: 'Fill the view again under its new name',
  },
  ({ name, from, base, head }) =>
    modelsOf(String(from), base ?? head).length > 0
      ? null
      : `${name} was called ${shown(from)}, and its values still are`,
);
