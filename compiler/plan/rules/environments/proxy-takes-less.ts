import { onField, swap } from '../../../tools/change-rule.ts';
import { isLess } from '../../questions/limits.ts';
import { PROXY_LIMITS, proxyLimit } from '../../questions/proxy-limits.ts';

export const rule = onField(
  'environment',
  PROXY_LIMITS,
  {
    code: 'PLN616',
    class: 'breaking',
    title: 'the proxy takes less of each caller',
    why: 'Who calls more often than that is answered with 429.',
    whatToDo: "See in the proxy's log (`source.ip`) how often the busiest callers call",
  },
  ({ name, field, from, to }) => (isLess(to, from) ? `${name} takes ${swap(from, to)} ${proxyLimit(field)}` : null),
);
