import type { Catalog } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';

/** One rule over the resolved specs, with what its codes mean. A check per file; `registry.ts` lists them. */
export interface Check {
  codes: Catalog;
  run(graph: ResolvedGraph): Finding[];
}
