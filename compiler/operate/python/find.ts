import { spawnSync } from 'node:child_process';
import { OperationError } from '../../diagnostics/operation-error.ts';

const candidates = ['python3.11', 'python3.12', 'python3.13', 'python3'];

/** A Python that the platform's packages work with (3.11 to 3.13). */
export function findPython(): string {
  const named = process.env['MLOPS_PYTHON_BIN'];
  const found = (named ? [named] : candidates).find(isSuitable);
  if (found) return found;
  throw new OperationError(
    named
      ? `MLOPS_PYTHON_BIN names ${named}, which is not Python 3.11, 3.12 or 3.13. Point it at one, or unset it.`
      : 'No Python 3.11, 3.12 or 3.13 was found on the PATH. ' +
          'Install one (on Debian: apt install python3 python3-venv), or name one in MLOPS_PYTHON_BIN.',
  );
}

function isSuitable(program: string): boolean {
  const asked = spawnSync(program, ['-c', 'import sys; print(*sys.version_info[:2])'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  const [major, minor] = (asked.stdout ?? '').trim().split(' ').map(Number);
  return asked.status === 0 && major === 3 && minor !== undefined && minor >= 11 && minor < 14;
}

export function hasUv(): boolean {
  return process.env['MLOPS_NO_UV'] === undefined && spawnSync('uv', ['--version'], { timeout: 20_000 }).status === 0;
}
