import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'model',
  'specDigest',
  {
    code: 'PLN410',
    class: 'metadata',
    follows: true,
    title: "the digest of a model's spec changes",
    why: 'Each training run records what it was made by.',
    whatToDo: 'Nothing has to run',
  },
  ({ name }) => `the spec of ${name} has another digest`,
);
