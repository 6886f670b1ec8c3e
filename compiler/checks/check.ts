import type { Catalog } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';

/** One rule over the resolved specs, with what its codes mean. A check per file; `registry.ts` lists them. */
export interface Check {
  codes: Catalog;
  /** `today`, as YYYY-MM-DD, says which announced days have passed; nothing that is emitted depends on it. */
  run(graph: ResolvedGraph, today: string): Finding[];
}
