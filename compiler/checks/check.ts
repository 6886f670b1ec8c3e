import type { Catalog } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Graph } from '../link/graph.ts';

/** One rule over the linked specs, with what its codes mean. A check per file; `registry.ts` lists them. */
export interface Check {
  codes: Catalog;
  run(graph: Graph): Finding[];
}
