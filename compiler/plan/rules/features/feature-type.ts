import { listed, onField } from '../../../tools/change-rule.ts';
import { modelsWith } from '../../questions/consumers.ts';

export const rule = onField(
  'feature',
  'type',
  {
    code: 'FEA014',
    class: 'breaking',
    title: 'a feature changes its type under the same name while models use it',
    why:
      'The live version of the model was fitted on the old type, and its signature refuses the new ' +
      'one or converts it in silence. History and new rows have one column with two meanings.',
    whatToDo:
      'Declare the new type as a new feature beside the old one, train on it, and remove the old ' +
      'one once no live version of a model uses it',
  },
  ({ name, from, to, before, head, base }) => {
    const users = modelsWith(before, base ?? head);
    if (users.length === 0) return null;
    return `${name} becomes ${to} instead of ${from}, and the live version of ${listed(users)} was fitted on ${from}`;
  },
);
