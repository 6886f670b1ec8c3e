import { onField } from '../../../tools/change-rule.ts';

export const rule = onField(
  'environment',
  'proxy/tls',
  {
    code: 'PLN618',
    class: 'breaking',
    title: 'callers speak to the proxy in another way, or it has its certificate elsewhere',
    why: 'Not every client follows from http to https; without a certificate the proxy does not start.',
    whatToDo: 'Put certificate and key there before this goes out, and tell the callers',
  },
  ({ name, after }) =>
    after.proxy.tls
      ? `callers of ${name} speak TLS, with what is in ${after.proxy.tls.dir}`
      : `callers of ${name} speak plain HTTP`,
);
