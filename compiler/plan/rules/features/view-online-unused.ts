import { onField } from '../../../tools/change-rule.ts';
import { isServed, modelsOf } from '../../questions/consumers.ts';

export const rule = onField(
  'feature_view',
  'online',
  {
    code: 'PLN127',
    class: 'recreate',
    title: 'a view leaves the online store, and no API reads it',
    why: 'Its values online stay as they are; they are up to date again only once the store is filled again.',
    whatToDo: 'Nothing has to run',
  },
  ({ name, to, base, head }) =>
    to === true || modelsOf(name, base ?? head).some((model) => isServed(model, base ?? head))
      ? null
      : `${name} is no longer online`,
);
