import { onField, swap, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'feature_view',
  'quality',
  {
    code: 'PLN131',
    class: 'compatible',
    title: "what is asked of a view's rows changes",
    why: 'An alert fires sooner or later, or a publication is held back.',
    whatToDo: 'See that the alert still fires where data is missing',
  },
  ({ name, field, from, to }) => {
    if (field === 'quality/minRows') return `the monitor asks for ${swap(from, to)} rows of ${name}`;
    if (field === 'quality/windowSeconds') return `the monitor looks at ${timeSwap(from, to)} of ${name}`;
    if (field === 'quality/onFailure')
      return to === 'stop'
        ? `rows of ${name} that break its rules are held back`
        : `rows of ${name} that break its rules are published with a warning`;
    return `other values of ${name} stay out of messages`;
  },
);
