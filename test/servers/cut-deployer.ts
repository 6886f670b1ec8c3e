/**
 * Deploys staging, and does something bad at the boundary that it is told to: `node cut-deployer.ts
 * '{"root": …, "fault": "kill kafka", "visit": 7, "gate": false}'`. Prints each boundary that it comes by. With `gate`
 * the last tool's gate fails once.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { createProgress } from '../../compiler/operate/progress.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import type { At } from '../../compiler/release/boundaries.ts';
import { deploy } from '../../compiler/release/deploy.ts';
import { liveSides } from '../../compiler/release/registry.ts';
import type { LiveSide } from '../../compiler/tools/live.ts';
import type { Cut } from './cuts.ts';

const cut = JSON.parse(process.argv[2] ?? '') as Cut & { root: string };
const workspace = openWorkspace(cut.root, 'staging');
const wrong = (what: string): boolean => process.stdout.write(`\nWRONG ${what}\n`);

function killUnit(name: string): void {
  const pid = readRecord(workspace)?.units.find((unit) => unit.name === name)?.process?.pid;
  if (pid === undefined) wrong(`'${name}' does not run`);
  else process.kill(-pid, 'SIGKILL');
}

const NO_FILE = 'import resource, sys; resource.prlimit(int(sys.argv[1]), resource.RLIMIT_FSIZE, (0, 0))';

const DO: Record<string, () => void> = {
  'kill deployer': () => process.kill(process.pid, 'SIGKILL'),
  'kill supervisor': () => process.kill(readRecord(workspace)?.supervisor.pid ?? 0, 'SIGKILL'),
  'fill disk': () => {
    // From here on no file can be written: what a full disk, or a quota, does.
    const limited = spawnSync(workspace.python, ['-c', NO_FILE, String(process.pid)], { encoding: 'utf8' });
    if (limited.status !== 0) wrong(`no limit of files was set: ${limited.stderr}`);
  },
  'deploy at once': () => {
    const words = [join(cut.root, 'bin/mlops.js'), '-C', cut.root, 'deploy', '--env', 'staging'];
    const other = spawnSync(process.execPath, words, { encoding: 'utf8' });
    if (other.status === 0 || !`${other.stdout}${other.stderr}`.includes('Another `mlops`'))
      wrong(`a second deploy was not refused: ${other.status} ${other.stdout}${other.stderr}`);
  },
  push: () => appendFileSync(join(cut.root, 'pipelines/flights/derive.py'), '# pushed meanwhile\n'),
};

let visits = 0;
const at: At = (boundary, of) => {
  process.stdout.write(`\nAT ${boundary}${of === undefined ? '' : ` ${of}`}\n`);
  if (visits === cut.visit && cut.fault.startsWith('kill ') && DO[cut.fault] === undefined)
    killUnit(cut.fault.slice('kill '.length));
  else if (visits === cut.visit) DO[cut.fault]?.();
  visits += 1;
};

let denials = cut.gate ? 1 : 0;
function sides(): LiveSide[] {
  const last = liveSides.at(-1) as LiveSide;
  const check: LiveSide['check'] = async (...given) => {
    denials -= 1;
    if (denials === 0) throw new OperationError('its gate fails, as it is told to');
    return last.check(...given);
  };
  return [...liveSides.slice(0, -1), { ...last, check }];
}

const progress = createProgress({ isTerminal: false, color: false, out: (text) => process.stdout.write(text) });
try {
  await deploy(workspace, progress, { sides: sides(), at });
} catch (problem) {
  process.stdout.write(`\n${problem instanceof OperationError ? 'FAILED' : 'CRASHED'} ${(problem as Error).message}\n`);
  process.exitCode = 1;
}
