import type { Environment, Ir } from '../ir/types.ts';
import type { Artifact } from '../tools/tool.ts';

/** A way to run an environment: as processes, in containers. */
export interface HostType {
  /** What an environment states as its `runtime`. */
  name: string;
  /** Files below `<environment>/<name>/`. */
  /** `files`: everything else that is written for the environment. */
  emit(ir: Ir, environment: Environment, files: readonly Artifact[]): Artifact[];
}
