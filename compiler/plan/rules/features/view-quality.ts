import { onField, swap, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'feature_view',
  'quality',
  {
    code: 'PLN131',
    class: 'compatible',
    title: "what is asked of a view's rows changes",
    why: 'An alert fires sooner or later; no row is refused.',
    whatToDo: 'See that the alert still fires where data is missing',
  },
  ({ name, field, from, to }) =>
    field === 'quality/minRows'
      ? `the monitor asks for ${swap(from, to)} rows of ${name}`
      : `the monitor looks at ${timeSwap(from, to)} of ${name}`,
);
