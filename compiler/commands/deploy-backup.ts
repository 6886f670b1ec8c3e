/** `mlops deploy --backup-to`: how the backup is made that comes before anything changes. */
import { resolve } from 'node:path';
import { backUpLocked } from '../backup/backup.ts';
import { statedKey } from '../backup/key.ts';
import type { Workspace } from '../operate/workspace.ts';
import type { BackUp } from '../release/backed-up.ts';
import type { Way } from '../release/deploy.ts';
import { type Arguments, UsageError } from './command.ts';

export function backupIn(
  { 'backup-to': to, key }: Arguments['options'],
  way: Way,
  { state }: Workspace,
): BackUp | null {
  if (to === undefined && key !== undefined) throw new UsageError('--key goes with --backup-to FOLDER');
  if (to === undefined) return null;
  if (way !== 'new') throw new UsageError(`--${way} ends what was begun, half of it by now: leave --backup-to out`);
  const folder = resolve(String(to));
  const cipher = statedKey(key as string | undefined, { apartFrom: [folder, state] });
  return async (checkout) => {
    const { id } = await backUpLocked(checkout, folder, { cipher });
    return { id, folder, encrypted: cipher !== null };
  };
}
