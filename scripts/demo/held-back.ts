import { join } from 'node:path';
import { $ } from 'zx';
import { OperationError } from '../../compiler/operate/operation-error.ts';
import { platformEnvironment } from '../../compiler/operate/process-plan.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { type Instance, requestFields } from './online-api.ts';

export interface HeldBackFlight {
  instance: Instance;
  /** Minutes that it was late in fact. */
  actual: number;
}

/** Flights whose outcome is known and was never trained on, as requests to the model's API. */
export async function heldBackFlights(workspace: Workspace, model: string, limit = 20): Promise<HeldBackFlight[]> {
  const script = join(workspace.root, 'pipelines', 'flights', 'upcoming.py');
  const call = $({ cwd: workspace.root, env: platformEnvironment(workspace), quiet: true, nothrow: true, timeout: '2m' });
  const { exitCode, stdout, stderr } = await call`${workspace.python} ${script} --limit ${limit}`;
  if (exitCode !== 0) throw new OperationError(`${script} failed (exit status ${exitCode}).\n${stderr.trimEnd()}`, 1);
  const flights = JSON.parse(stdout) as { instances: Instance[]; actual: number[] };
  const fields = requestFields(workspace, model);
  return flights.instances.map((instance, index) => ({
    instance: Object.fromEntries(fields.map((name) => [name, instance[name]])),
    actual: flights.actual[index] ?? Number.NaN,
  }));
}
