import type { Environment, Ir } from '../ir/types.ts';
import type { Artifact } from '../tools/tool.ts';

/** A way to run an environment: as processes, in containers. */
export interface HostType {
  /** What an environment states as its `runtime`. */
  name: string;
  /** Files below `<environment>/<name>/`. */
  emit(ir: Ir, environment: Environment): Artifact[];
}
