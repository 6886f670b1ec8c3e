/** Deploys a sandbox in a process of its own, which a test may kill: `node deployer.ts ROOT`. */
import { createProgress } from '../../compiler/operate/progress.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { deploy } from '../../compiler/release/deploy.ts';

const progress = createProgress({ isTerminal: false, color: false, out: (text) => process.stdout.write(text) });
await deploy(openWorkspace(process.argv[2] ?? '', 'local'), progress);
