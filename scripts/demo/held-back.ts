import { $ } from 'zx';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { platformEnvironment } from '../../compiler/operate/supervisor/units.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { type Instance, requestFields } from './online-api.ts';
import { upcomingFlights } from './sample.ts';

/** One of the list that upcoming.py prints. */
export interface HeldBackFlight {
  instance: Instance;
  flight: string;
  scheduled_at: string;
  /** Minutes that it will leave late. */
  actual_delay: number;
}

/** Flights that no step has published yet, for their time is still to come, as requests to the model's API. */
export async function heldBackFlights(workspace: Workspace, model: string, limit = 20): Promise<HeldBackFlight[]> {
  const script = upcomingFlights(workspace.root);
  const call = $({
    cwd: workspace.root,
    env: platformEnvironment(workspace),
    quiet: true,
    nothrow: true,
    timeout: '2m',
  });
  const { exitCode, stdout, stderr } = await call`${workspace.python} ${script} --limit ${limit}`;
  if (exitCode !== 0) throw new OperationError(`${script} failed (exit status ${exitCode}).\n${stderr.trimEnd()}`, 1);
  const fields = requestFields(workspace, model);
  return (JSON.parse(stdout) as HeldBackFlight[]).map(({ instance, ...rest }) => ({
    instance: Object.fromEntries(fields.map((name) => [name, instance[name]])),
    ...rest,
  }));
}
