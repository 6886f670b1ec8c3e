import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Graph } from '../link/graph.ts';

/** One rule over the linked specs. A check per file; `registry.ts` lists them. */
export interface Check {
  run(graph: Graph): Finding[];
}
