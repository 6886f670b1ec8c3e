/** A backup or a restore that kills itself: `node cut.ts ROOT backup|restore FOLDER BOUNDARY TIMES`. */
import { backUp } from '../../compiler/backup/backup.ts';
import type { Boundary } from '../../compiler/backup/boundaries.ts';
import { restore } from '../../compiler/backup/restore.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';

const [root = '', verb, folder = '', boundary, times] = process.argv.slice(2);
let left = Number(times);
const at = (reached: Boundary): void => {
  if (reached === boundary && --left === 0) process.kill(process.pid, 'SIGKILL');
};
const workspace = openWorkspace(root, 'local');
if (verb === 'backup') await backUp(workspace, folder, at);
else await restore(workspace, folder, { force: true, at });
