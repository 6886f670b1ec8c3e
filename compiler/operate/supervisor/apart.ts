/** Some of an environment's servers, for as long as one piece of work takes: nothing else of it runs. */
import { OperationError } from '../../diagnostics/operation-error.ts';
import { checkPorts } from '../machine/ports.ts';
import { quoteLog } from '../machine/run-tool.ts';
import type { Workspace } from '../workspace.ts';
import { type ProcessPlan, readPlan } from './process-plan.ts';
import type { UnitRecord } from './run-state.ts';
import { stopPlatform } from './stop.ts';
import { defaultPolicy, type Supervision, supervise } from './supervise.ts';
import { resolveUnits, type Unit } from './units.ts';

/** `names` and what they need are up while `work` goes on. What a killed call has left running is ended first. */
export async function withServers<T>(
  workspace: Workspace,
  names: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const plan = readPlan(workspace);
  const wanted = withNeeds(plan, names);
  const only = <U extends { name: string }>(all: readonly U[]): U[] => all.filter(({ name }) => wanted.has(name));
  // Before anything is started: a program that is missing is a sentence.
  const units = resolveUnits(workspace, { ...plan, setup: only(plan.setup), processes: only(plan.processes) }, {});
  await stopPlatform(workspace);
  await checkPorts(only(plan.processes), workspace.environment);
  const { healthy, end } = begin(units);
  try {
    await healthy;
    return await work();
  } finally {
    await end();
    await stopPlatform(workspace);
  }
}

function withNeeds(plan: ProcessPlan, names: readonly string[]): Set<string> {
  const all = new Map([...plan.setup, ...plan.processes].map((each) => [each.name, each.needs ?? []]));
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    all.get(name)?.forEach(visit);
  };
  names.forEach(visit);
  return found;
}

const isUp = ({ state }: UnitRecord): boolean => state === 'healthy' || state === 'done';

function begin(units: Unit[]): { healthy: Promise<void>; end(): Promise<void> } {
  let supervision: Supervision | null = null;
  const healthy = new Promise<void>((resolve, reject) => {
    supervision = supervise(units, new Map(), { ...defaultPolicy, limit: 0 }, (records) => {
      const failed = records.find(({ state }) => state === 'failed');
      if (failed !== undefined)
        reject(new OperationError(`${failed.name} did not start (${failed.exit}).\n${quoteLog(failed.log)}`, 1));
      else if (records.every(isUp)) resolve();
    });
  });
  return { healthy, end: async () => supervision?.reload([]) };
}
