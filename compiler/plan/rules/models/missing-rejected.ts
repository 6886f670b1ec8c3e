import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'model',
  'missingFeatures',
  {
    code: 'PLN408',
    class: 'breaking',
    title: 'requests without all features are refused',
    why:
      'What was predicted from a missing value so far is answered with an error, and such rows are ' +
      'no longer trained on.',
    whatToDo: 'See in its metrics what share of requests lacks a feature',
  },
  ({ name, to }) => (to === 'reject' ? `${name} refuses a request that lacks a feature` : null),
);
