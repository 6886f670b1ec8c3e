/**
 * The supervisor, as a process of its own that outlives `mlops up`: `node daemon.ts ROOT ENVIRONMENT [OWNER STARTED]`.
 * It only starts and restarts; ending everything is stop.ts's work, which does not need it alive.
 */
import { planDigest, readPlan, resolveUnits } from './process-plan.ts';
import { identify, isAlive } from './process-table.ts';
import { writeRecord } from './run-state.ts';
import { stopPlatform } from './stop.ts';
import { defaultPolicy, supervise } from './supervise.ts';
import { openWorkspace } from './workspace.ts';

const [root = '', environment = '', owner, started = ''] = process.argv.slice(2);
const workspace = openWorkspace(root, environment);
const digest = planDigest(workspace);
const supervisor = identify(process.pid);
if (!supervisor) throw new Error('the system does not tell when this process was started');

const backoffMilliseconds = Number(process.env['MLOPS_RESTART_BACKOFF_MS'] ?? defaultPolicy.backoffMilliseconds);
void supervise(resolveUnits(workspace, readPlan(workspace)), { ...defaultPolicy, backoffMilliseconds }, (units) =>
  writeRecord(workspace, { supervisor, digest, units }),
);

// Also keeps it alive when there is nothing left to restart: that it runs means that the platform is up.
const watch = setInterval(() => {
  if (owner === undefined || isAlive({ pid: Number(owner), started })) return;
  clearInterval(watch);
  void stopPlatform(workspace).then(() => process.exit(0));
}, 500);
