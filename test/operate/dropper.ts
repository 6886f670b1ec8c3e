/** Deploys a sandbox, drops `shelf:old`, and is killed at a boundary: `node dropper.ts ROOT 'dropping shelf:old'`. */
import { createProgress } from '../../compiler/operate/progress.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { deploy } from '../../compiler/release/deploy.ts';
import { shelfIn } from './shelf.ts';

const [root = '', boundary] = process.argv.slice(2);
const workspace = openWorkspace(root, 'local');
const progress = createProgress({ isTerminal: false, color: false, out: () => {} });
await deploy(workspace, progress, {
  data: shelfIn(workspace),
  dropping: ['shelf:old'],
  at: (reached, of) => {
    if (`${reached} ${of}` === boundary) process.kill(process.pid, 'SIGKILL');
  },
});
