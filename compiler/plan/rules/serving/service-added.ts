import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  ['service', 'consumer'],
  {
    code: 'PLN516',
    class: 'metadata',
    follows: true,
    title: 'an environment runs one more service',
    why: 'It comes with the API or the stream, whose own change says what it means.',
    whatToDo: 'Nothing has to run beyond that',
  },
  ({ name }) => `${name} runs`,
);
