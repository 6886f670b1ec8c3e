/** The tools' own SQLite files, where an environment has no servers: whether they are whole, and the way out if not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { sqliteDamage } from '../machine/sqlite-file.ts';
import type { Workspace } from '../workspace.ts';
import type { PlannedDatabase } from './process-plan.ts';

/** A sentence per damaged file. */
export async function damagedDatabases(workspace: Workspace, databases: PlannedDatabase[]): Promise<string[]> {
  const found = databases.map(async (database) => {
    const file = database.file.replace(/^\$\{state\}/, workspace.state);
    const damage = await lastingDamage(workspace, file);
    return damage === null ? [] : [describe(workspace, { ...database, file }, damage)];
  });
  return (await Promise.all(found)).flat();
}

export async function requireWholeDatabases(workspace: Workspace, databases: PlannedDatabase[]): Promise<void> {
  const damaged = await damagedDatabases(workspace, databases);
  if (damaged.length > 0) throw new OperationError(damaged.join('\n'));
}

/** Whoever writes it at this moment may have written a part. */
async function lastingDamage(workspace: Workspace, file: string): Promise<string | null> {
  for (let looks = 1; ; looks++) {
    const damage = sqliteDamage(file);
    // Empty is also what a first start leaves that was interrupted.
    if (damage === null || (damage === 'it is empty' && !wasDeployed(workspace))) return null;
    if (looks === 4) return damage;
    await sleep(150);
  }
}

const wasDeployed = ({ state }: Workspace) => existsSync(join(state, 'deployments.json'));

const describe = ({ environment }: Workspace, { file, holds, recovery }: PlannedDatabase, damage: string): string =>
  `${file} is damaged: ${damage}. It holds ${holds}.\n` +
  `  Run \`mlops down --env ${environment}\`, restore it from a backup or delete it and the files beside it ` +
  `that begin with its name, and run \`mlops up --env ${environment}\`. Without a backup: ${recovery}.`;
