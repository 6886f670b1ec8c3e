import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Service, servicesOf } from '../link/services.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  OBS003: {
    severity: 'error',
    title: 'Metrics that nothing scrapes',
    why: 'Whoever looks for them finds nothing, and believes that nothing happens.',
    example: 'metrics: /metrics with networks: [edge]',
    fix: 'Put the service into the network `monitoring`, and set its port.',
  },
});

/** Prometheus reaches the metrics of a container. */
export const scraping: Check = { codes, run: (graph) => servicesOf(graph).flatMap(unreached) };

function unreached({ name, stated: { metrics, port, networks = ['platform'] }, keyAt }: Service): Finding[] {
  if (metrics === undefined) return [];
  const why =
    port === undefined
      ? 'it has no `port`'
      : networks.includes('monitoring')
        ? null
        : 'it is not in the network `monitoring`';
  if (why === null) return [];
  return [
    finding('OBS003', keyAt('metrics'), `${name} has metrics, but Prometheus cannot reach them: ${why}.`, {
      help: port === undefined ? 'add `port:`' : 'add `monitoring` to its networks',
      related: networks && port !== undefined ? [{ message: 'its networks are set here', at: keyAt('networks') }] : [],
    }),
  ];
}
