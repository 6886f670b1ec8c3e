/** Deploys containers, and is killed at a boundary: `node container-deployer.ts ROOT BOUNDARY`. */
import { createProgress } from '../../compiler/operate/progress.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { deploy } from '../../compiler/release/deploy.ts';

const [root = '', wanted] = process.argv.slice(2);
const progress = createProgress({ isTerminal: false, color: false, out: (text) => process.stdout.write(text) });
await deploy(openWorkspace(root, 'prod'), progress, {
  at: (boundary) => {
    if (boundary === wanted) process.kill(process.pid, 'SIGKILL');
  },
});
