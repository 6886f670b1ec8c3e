import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  ['service', 'consumer'],
  'port',
  {
    code: 'PLN509',
    class: 'recreate',
    title: 'a service listens on another port',
    why: 'It is started again; what calls it past the proxy finds nobody at the old one.',
    whatToDo: 'See that nothing outside the platform knows the port',
  },
  ({ name, from, to }) => `${name} listens on ${swap(from, to)}`,
);
