/**
 * What goes on when a supervisor takes over from one that has gone: processes that are as planned and do their work.
 * Their digests stand in the record of the one before; without a record nothing is known to be as planned.
 */
import { isOfAnother } from '../machine/ports.ts';
import { hasProc, isAlive, isOwn, marksOf } from '../machine/process-table.ts';
import type { Workspace } from '../workspace.ts';
import { isHealthy } from './health.ts';
import { readRecord, type UnitRecord } from './run-state.ts';
import type { Unit } from './units.ts';

/** Milliseconds. A server that answers late is busy, not ill. */
const PATIENCE = 10_000;

export type Survivors = ReadonlyMap<string, UnitRecord>;

/** The planned processes that live, by name, and the steps that they needed: those need not be done again. */
export function survivors(workspace: Workspace, units: Unit[], ill: ReadonlySet<string> = new Set()): Survivors {
  const planned = new Map(units.map((unit) => [unit.name, unit]));
  const same = (readRecord(workspace)?.units ?? []).filter(({ name, digest }) => planned.get(name)?.digest === digest);
  const living = same.filter(
    (record) => record.state === 'healthy' && !ill.has(record.name) && isOurs(workspace, record),
  );
  const needed = neededBy(living, planned);
  const done = same.filter(({ name, state }) => state === 'done' && needed.has(name));
  return new Map([...living, ...done].map((record) => [record.name, record]));
}

/** Of these, what does its work at this moment. */
export async function healthySurvivors(workspace: Workspace, units: Unit[]): Promise<Survivors> {
  const asked = [...survivors(workspace, units).values()].map(async ({ name, health }) =>
    health === null || (await isHealthy(health, PATIENCE)) ? [] : [name],
  );
  return survivors(workspace, units, new Set((await Promise.all(asked)).flat()));
}

function neededBy(records: UnitRecord[], planned: ReadonlyMap<string, Unit>): Set<string> {
  const needed = new Set<string>();
  const visit = (name: string): void => {
    for (const need of planned.get(name)?.needs ?? []) {
      if (needed.has(need)) continue;
      needed.add(need);
      visit(need);
    }
  };
  for (const { name } of records) visit(name);
  return needed;
}

/** The very process that was recorded, with our mark, and the only one that answers for it. */
function isOurs({ state }: Workspace, { name, process: id, port }: UnitRecord): boolean {
  if (id === null || !isAlive(id)) return false;
  if (port !== null && isOfAnother(port, state, name)) return false;
  // Another user's marks cannot be read: PostgreSQL's, where we are root.
  if (!hasProc || !isOwn(id.pid)) return true;
  const marks = marksOf(id.pid);
  return marks?.state === state && marks.unit === name;
}
