import { listed, onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'connection',
  {
    code: 'PLN820',
    class: 'compatible',
    title: 'a connection is added',
    why: 'Steps that use it need its secrets in every environment.',
    whatToDo: 'Put its secrets there before this goes out',
  },
  ({ name, after }) => {
    const secrets = Object.values(after.secrets);
    return `${name} is new${secrets.length > 0 ? `, with the secrets ${listed(secrets)}` : ''}`;
  },
);
