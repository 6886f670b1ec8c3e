import { onAdded } from '../../../tools/change-rule.ts';

export const rule = onAdded(
  'online',
  {
    code: 'PLN501',
    class: 'compatible',
    title: 'a model gets an API',
    why: 'It answers once a version has the alias of the environment.',
    whatToDo: 'See that a version is live before anything calls it',
  },
  ({ name }) => `${name} gets an API`,
);
