import type { HostFacts } from '../ir/inventory.ts';
import type { Environment, Ir } from '../ir/types.ts';
import type { Artifact } from '../render/artifact.ts';
import type { Address, Host, Site } from '../tools/host.ts';
import type { MachineProgram } from '../tools/program.ts';
import type { Shared } from '../tools/tool.ts';
import type { Running, Workload } from '../tools/workload.ts';

/** A way to run an environment: as processes, in containers. It leaves out what has not its form. */
export interface HostType extends HostFacts {
  /** As one environment uses it. */
  open(ir: Ir, environment: Environment): Host;
  /** Workloads that only this host needs. */
  workloads?(site: Site): Workload[];
  /** How others reach a workload: an address per replica; none where it listens on nothing. */
  addresses(workload: Workload, environment: Environment): Address[];
  /** For a host whose environments `mlops up` does not start: a file that each has, and who starts them. */
  startedBy?(environment: string): { file: string; how: string };
  /** Files below `<environment>/<name>/`. */
  emit(installation: Installation): Artifact[];
}

/** Everything that one environment runs, and what is written for it beside the host's own files. */
export interface Installation {
  site: Site;
  running: readonly Running[];
  /** What every program of ours is told. */
  shared: Required<Shared>;
  files: readonly Artifact[];
  /** What a machine may be asked to have, by the name that commands have for it. */
  programs: ReadonlyMap<string, MachineProgram>;
}
