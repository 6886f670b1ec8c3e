import { onRemoved } from '../../../tools/change-rule.ts';

export const rule = onRemoved(
  'request_field',
  {
    code: 'PLN432',
    class: 'breaking',
    title: 'a field is removed from a request',
    why: 'An API refuses fields that it does not know, so callers that still send it are refused.',
    whatToDo: 'Let the callers leave it out on the day that this goes out',
  },
  ({ name }) => `${name} is refused when it is sent`,
);
