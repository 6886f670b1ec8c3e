// Aliases, not interfaces: these become JSON as they are.
import type { Environment, Ir } from '../../ir/types.ts';

/** A command that runs to its end, once at each `mlops up`. */
export type SetupStep = {
  name: string;
  command: string[];
  env: Record<string, string>;
  needs: string[];
};

/** A command that keeps running. `health` is an HTTP address or `tcp://host:port`. */
export type ServerProcess = SetupStep & {
  lock: string | null;
  port: number | null;
  port_field?: string;
  address: string | null;
  health: string | null;
  /** Files and folders, relative to the root, that it reads when it starts: a deploy restarts it where one differs. */
  reads?: string[];
};

/** What one server adds to an environment that runs as processes. */
export type ServerModule = (
  ir: Ir,
  environment: Environment,
) => { setup: SetupStep[]; processes: ServerProcess[]; variables: Record<string, string> };
