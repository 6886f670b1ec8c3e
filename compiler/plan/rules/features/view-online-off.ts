import { listed, onField } from '../../../tools/change-rule.ts';
import { isServed, modelsOf } from '../../questions/consumers.ts';

export const rule = onField(
  'feature_view',
  'online',
  {
    code: 'PLN126',
    class: 'breaking',
    title: 'a view leaves the online store while a model is served from it',
    why: 'The API of the live version looks its features up there.',
    whatToDo: 'Move the model to other features first',
  },
  ({ name, to, base, head }) => {
    const served = modelsOf(name, base ?? head).filter((model) => isServed(model, base ?? head));
    return to === true || served.length === 0
      ? null
      : `${name} is no longer online, and the API of ${listed(served)} reads it there`;
  },
);
