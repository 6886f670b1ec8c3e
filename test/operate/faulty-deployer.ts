/**
 * Deploys a sandbox with two tools, and does something bad at the boundary that it is told to:
 * `node faulty-deployer.ts '{"root": …, "way": "new", "faults": [{"name": "kill deployer", "visit": 7}]}'`. It prints
 * each boundary that it comes by.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { createProgress } from '../../compiler/operate/progress.ts';
import { liveSupervisor, readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import type { At } from '../../compiler/release/boundaries.ts';
import type { Holdings } from '../../compiler/release/data.ts';
import { deploy, type Way } from '../../compiler/release/deploy.ts';
import { recordAskedFor } from '../../compiler/release/owned.ts';
import { testPython } from '../../compiler/test/python-batch.ts';
import { type Fault, type Order, sides, writeText } from './faults.ts';
import { put, shelfIn } from './shelf.ts';

const order = JSON.parse(process.argv[2] ?? '') as Order;
const workspace = openWorkspace(order.root, 'local');

function kill(unit: string): void {
  const pid = readRecord(workspace)?.units.find(({ name }) => name === unit)?.process?.pid;
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
}

/** The tool does so for so many requests, or until somebody takes the file away. */
const upset =
  (how: string) =>
  ({ tool, times }: Fault): void =>
    writeFileSync(join(workspace.state, `upset-${tool}`), `${how} ${times}`);

const NO_FILE = 'import resource, sys; resource.prlimit(int(sys.argv[1]), resource.RLIMIT_FSIZE, (0, 0))';

const DO: Record<string, (fault: Fault) => void> = {
  'kill deployer': () => process.kill(process.pid, 'SIGKILL'),
  'kill supervisor': () => process.kill(readRecord(workspace)?.supervisor.pid ?? process.pid, 'SIGKILL'),
  'kill tool': ({ tool }) => kill(tool ?? ''),
  'kill api': () => kill('api'),
  'answer 500': upset('500'),
  'answer nothing': upset('hang'),
  'cut connections': upset('reset'),
  'lose answers': upset('lose'),
  'fail gate': upset('deny'),
  'fill disk': () => {
    // From here on no file can be written: what a full disk, or a quota, does.
    const limited = spawnSync(testPython(), ['-c', NO_FILE, String(process.pid)]);
    if (limited.status !== 0) process.stdout.write(`\nWRONG no limit of files was set: ${limited.stderr}\n`);
  },
  'deploy at once': () => {
    const again = JSON.stringify({ ...order, way: 'new', faults: [] });
    const program = fileURLToPath(import.meta.url);
    const other = spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), program, again], {
      encoding: 'utf8',
    });
    if (other.status !== 1 || !other.stdout.includes('Another `mlops`'))
      process.stdout.write(`\nWRONG a second deploy was not refused: ${other.status} ${other.stdout}${other.stderr}\n`);
  },
  commit: () => writeText(workspace, `pushed ${order.text}`),
};

let visits = 0;
const at: At = (boundary, of) => {
  process.stdout.write(`\nAT ${boundary}${of === undefined ? '' : ` ${of}`}\n`);
  for (const fault of order.faults) if (fault.visit === visits) DO[fault.name]?.(fault);
  visits += 1;
};

/** Something is dropped by each new deploy, which a deploy that is carried on knows by itself. */
function dropping(way: string): { data: Holdings; dropping?: string[] } {
  const data = shelfIn(workspace);
  if (way !== 'new') return { data };
  recordAskedFor(workspace, 'data', ['shelf:old']);
  put(workspace, 'old', 3);
  // Where nothing runs yet, it could not be asked.
  return liveSupervisor(workspace) === null ? { data } : { data, dropping: ['shelf:old'] };
}

const progress = createProgress({ isTerminal: false, color: false, out: (text) => process.stdout.write(text) });
try {
  await deploy(workspace, progress, { way: order.way as Way, sides: sides(), at, ...dropping(order.way) });
} catch (problem) {
  process.stdout.write(`\n${problem instanceof OperationError ? 'FAILED' : 'CRASHED'} ${(problem as Error).message}\n`);
  process.exitCode = 1;
}
