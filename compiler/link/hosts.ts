import type { HostFacts, PortFacts } from '../ir/inventory.ts';
import type { Graph } from './graph.ts';

/** What the specs state of an environment, or the IR. */
interface Stated {
  runtime: string;
  stores: string;
  metrics_retention?: string;
}

type Known = Pick<Graph, 'inventory'>;

/** The host that an environment runs on. */
export function hostOf({ inventory }: Known, { runtime }: Pick<Stated, 'runtime'>) {
  const host = inventory.hosts.get(runtime);
  // The schema has the same names.
  if (!host) throw new Error(`there is no host '${runtime}'`);
  return host;
}

export const runsContainers = (graph: Known, spec: Pick<Stated, 'runtime'>): boolean =>
  hostOf(graph, spec).form === 'container';

/** The parts with a port that an environment runs. */
export function partsOf(graph: Known, spec: Pick<Stated, 'runtime' | 'stores'>): Map<string, PortFacts> {
  const host = hostOf(graph, spec);
  return new Map([...graph.inventory.ports].filter(([, port]) => isRun(port, host, spec)));
}

const isRun = ({ form, embedded }: PortFacts, host: HostFacts, { stores }: Pick<Stated, 'stores'>): boolean =>
  (form === undefined || form === host.form) && (stores === 'servers' || embedded === true);

/** How long Prometheus keeps metrics in an environment. */
export const metricsKept = (graph: Known, spec: Pick<Stated, 'runtime' | 'metrics_retention'>): string =>
  spec.metrics_retention ?? hostOf(graph, spec).metricsRetention;
