import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';

/** Where one environment of one checkout keeps what it runs with. All paths are absolute. */
export interface Workspace {
  root: string;
  environment: string;
  /** `<root>/.mlops/<environment>`: never committed, may be deleted while nothing runs. */
  state: string;
  logs: string;
  run: string;
  python: string;
  plan: string;
}

export function openWorkspace(directory: string, environment: string): Workspace {
  // Markers in process environments hold this path, so it must not depend on how the user got here.
  const root = realpathSync(resolve(directory));
  const state = join(root, '.mlops', environment);
  return {
    root,
    environment,
    state,
    logs: join(state, 'logs'),
    run: join(state, 'run'),
    python: join(root, '.venv', 'bin', 'python'),
    plan: join(root, 'generated', environment, 'process', 'processes.json'),
  };
}

/** Fails with a sentence where `generated/` holds nothing to run for this environment. */
export function requireCompiled(workspace: Workspace): void {
  if (existsSync(workspace.plan)) return;
  const known = runnableEnvironments(workspace.root);
  throw new OperationError(
    known.length === 0
      ? `${workspace.root}/generated holds nothing to run. Run \`mlops compile\` first.`
      : `There is no environment '${workspace.environment}' in generated/; it has ${known.join(', ')}. ` +
          'Pass --env, or add it to platform.yaml and compile.',
  );
}

function runnableEnvironments(root: string): string[] {
  const generated = join(root, 'generated');
  if (!existsSync(generated)) return [];
  return readdirSync(generated)
    .filter((name) => existsSync(join(generated, name, 'process', 'processes.json')))
    .sort();
}
