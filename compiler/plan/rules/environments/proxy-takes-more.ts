import { onField, swap } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';
import { PROXY_LIMITS, proxyLimit } from '../../questions/proxy-limits.ts';

export const rule = onField(
  'environment',
  PROXY_LIMITS,
  {
    code: 'PLN617',
    class: 'compatible',
    title: 'the proxy takes more of each caller',
    why: 'One caller can keep the APIs busier than before.',
    whatToDo: 'See that the APIs have workers for it',
  },
  ({ name, field, from, to }) => (isLess(from, to) ? `${name} takes ${swap(from, to)} ${proxyLimit(field)}` : null),
);
