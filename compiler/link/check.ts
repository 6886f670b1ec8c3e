import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Graph } from './graph.ts';

/** One rule over the linked specs. A file a check; `checks/registry.ts` lists them. */
export interface Check {
  run(graph: Graph): Finding[];
}
