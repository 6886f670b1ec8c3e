import { onRenamed, shown } from '../../../tools/change-rule.ts';

export const rule = onRenamed(
  'entity',
  {
    code: 'PLN144',
    class: 'recreate',
    title: 'an entity is renamed',
    why: 'To the feature store it is another entity, so its views are made again.',
    whatToDo: 'Fill its views again where the join key changes with the name',
  },
  ({ name, from }) => `${name} was called ${shown(from)}`,
);
