import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  ['service', 'consumer'],
  {
    code: 'PLN517',
    class: 'metadata',
    follows: true,
    title: 'an environment runs one service less',
    why: 'It goes with the API, the stream or the stores, whose own change says what it means.',
    whatToDo: 'Nothing has to run beyond that',
  },
  ({ name }) => `${name} no longer runs`,
);
