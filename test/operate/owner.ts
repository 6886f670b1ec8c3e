/** Starts the checkout that is named as its own, like the demo does, and stays: `node owner.ts ROOT`. */
import { createProgress } from '../../compiler/operate/progress.ts';
import { startProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';

const progress = createProgress({ isTerminal: false, color: false, out: () => {} });
await startProcesses(openWorkspace(process.argv[2] ?? '', 'local'), progress, true);
setInterval(() => {}, 1000);
