/** The Python that tests and checks run: `.venv-test`, from runtime/requirements-dev.lock. */
import { join } from 'node:path';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { buildEnvironment } from '../../compiler/operate/python/environment.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';

/** Path of the interpreter; ends the process with one sentence where it cannot be made. */
export async function preparePython(root: string): Promise<string> {
  const target = join(root, '.venv-test');
  try {
    await buildEnvironment(
      openWorkspace(root, 'local'),
      { target, lock: join(root, 'runtime/requirements-dev.lock'), paths: [join(root, 'runtime')], wheel: null },
      (text) => console.log(`.venv-test: ${text}`),
    );
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    console.error(problem.message);
    process.exit(2);
  }
  return join(target, 'bin/python');
}
