/**
 * A backup or a restore that kills itself: `node cut.ts ROOT ENVIRONMENT backup|keep|restore FOLDER BOUNDARY TIMES`,
 * under the key of MLOPS_BACKUP_KEY where that is set.
 */
import { backUp } from '../../compiler/backup/backup.ts';
import type { Boundary } from '../../compiler/backup/boundaries.ts';
import { statedKey } from '../../compiler/backup/key.ts';
import { restore } from '../../compiler/backup/restore.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';

const [root = '', environment = '', verb, folder = '', boundary, times] = process.argv.slice(2);
let left = Number(times);
const at = (reached: Boundary): void => {
  if (reached === boundary && --left === 0) process.kill(process.pid, 'SIGKILL');
};
const cipher = statedKey(undefined);
const workspace = openWorkspace(root, environment);
if (verb === 'backup') await backUp(workspace, folder, { at, cipher });
else if (verb === 'keep') await backUp(workspace, folder, { at, cipher, keep: 1 });
else await restore(workspace, folder, { force: true, at, cipher });
