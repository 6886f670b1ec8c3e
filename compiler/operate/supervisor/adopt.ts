/**
 * What goes on when a supervisor takes over from one that has gone: processes that are as planned and do their work.
 * Their digests stand in the record of the one before; without a record nothing is known to be as planned.
 */
import { isOfAnother } from '../machine/ports.ts';
import { hasProc, isAlive, isOwn, marksOf } from '../machine/process-table.ts';
import type { Workspace } from '../workspace.ts';
import { isHealthy } from './health.ts';
import { gives, isServing } from './rolling.ts';
import { readRecord, type UnitRecord } from './run-state.ts';
import type { Unit } from './units.ts';

/** Milliseconds. A server that answers late is busy, not ill. */
const PATIENCE = 10_000;

export type Survivors = ReadonlyMap<string, UnitRecord>;

/**
 * The planned processes that live, by name, and the steps that they needed: those need not be done again. One that
 * differs from what is planned goes on, too, where it gives its place to the next one.
 */
export function survivors(workspace: Workspace, units: Unit[], ill: ReadonlySet<string> = new Set()): Survivors {
  const planned = new Map(units.map((unit) => [unit.name, unit]));
  const recorded = readRecord(workspace)?.units ?? [];
  const same = recorded.filter(({ name, digest }) => planned.get(name)?.digest === digest);
  const isAsWanted = (record: UnitRecord) =>
    record.state === 'healthy' && !ill.has(record.name) && isOurs(workspace, record);
  const living = units.flatMap((unit) => {
    const found = recorded.find(({ name }) => name === unit.name);
    const both = [found, found?.before].filter((each) => each !== undefined).filter(isAsWanted);
    return both.find(({ digest }) => digest === unit.digest) ?? both.find((each) => gives(unit, each)) ?? [];
  });
  const needed = neededBy(
    living.filter(({ name, digest }) => planned.get(name)?.digest === digest),
    planned,
  );
  const done = same.filter(({ name, state }) => state === 'done' && needed.has(name));
  return new Map([...living, ...done].map((record) => [record.name, record]));
}

/** Of these, what does its work at this moment. */
export async function healthySurvivors(workspace: Workspace, units: Unit[]): Promise<Survivors> {
  const planned = new Map(units.map(({ name, digest }) => [name, digest]));
  const asked = [...survivors(workspace, units).values()].map(async (record) => {
    const { name, health, digest } = record;
    const isWell = planned.get(name) !== digest ? isServing(record) : health === null || isHealthy(health, PATIENCE);
    return (await isWell) ? [] : [name];
  });
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
