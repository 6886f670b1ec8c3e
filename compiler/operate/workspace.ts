import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';

/** Where one environment of one checkout keeps what it runs with. All paths are absolute. */
export interface Workspace {
  /** What is meant: the checkout, or a release of it (releases.ts). */
  root: string;
  /** Where the verb was called: what is compiled, and packages are installed from there. */
  checkout: string;
  environment: string;
  /**
   * `<checkout>/.mlops/<environment>`, or `$MLOPS_HOME/<environment>`, which is the same from every checkout: never
   * committed, may be deleted while nothing runs.
   */
  state: string;
  /** The platform's Python environment. */
  venv: string;
  logs: string;
  run: string;
  python: string;
  plan: string;
}

/** As the schema has it. Whatever else is a slip, and would lead out of the folder of the states. */
const ENVIRONMENT = /^[a-z][a-z0-9_-]{0,62}$/;

export function openWorkspace(directory: string, environment: string): Workspace {
  if (!ENVIRONMENT.test(environment))
    throw new OperationError(
      `'${printable(environment.slice(0, 80))}' is no name of an environment; those are the keys of \`environments\` ` +
        'in platform.yaml, such as local.',
    );
  // Markers in process environments hold this path, so it must not depend on how the user got here.
  const root = realpathSync(resolve(directory));
  const home = homeOf(process.env['MLOPS_HOME']);
  const state = join(home ?? join(root, '.mlops'), environment);
  settleSwap(state);
  const venv = home === null ? join(root, '.venv') : join(state, 'python');
  return {
    root,
    checkout: root,
    environment,
    state,
    logs: join(state, 'logs'),
    run: join(state, 'run'),
    venv,
    python: join(venv, 'bin', 'python'),
    plan: join(root, 'generated', environment, 'process', 'processes.json'),
  };
}

/** Beside the state, while another one takes its place. */
export function swapPlaces(state: string): { prepared: string; swapping: string; before: string } {
  const beside = (what: string): string => join(dirname(state), `.${basename(state)}.${what}`);
  return { prepared: beside('restoring'), swapping: beside('swapping'), before: beside('before-restore') };
}

/**
 * Ends a restore that was killed between its two renames: the state of before is the state again. After the second,
 * the one of before is out of the way.
 */
export function settleSwap(state: string): void {
  const { swapping, before } = swapPlaces(state);
  if (lstatSync(swapping, { throwIfNoEntry: false }) === undefined) return;
  const isSwapped = lstatSync(state, { throwIfNoEntry: false }) !== undefined;
  if (isSwapped) rmSync(before, { recursive: true, force: true });
  renameSync(swapping, isSwapped ? before : state);
}

/** Where whoever deploys has a new checkout each time, as Jenkins has: what runs belongs to none of them. */
function homeOf(stated: string | undefined): string | null {
  if (stated === undefined || stated === '') return null;
  if (!isAbsolute(stated))
    throw new OperationError(
      `MLOPS_HOME is '${printable(stated)}', and must be an absolute path: of one folder, always.`,
    );
  mkdirSync(stated, { recursive: true });
  return realpathSync(stated);
}

/** Whose a relative folder of secrets is: the checkout's, or MLOPS_HOME, as no checkout owns what is there. */
export const ownerOf = ({ checkout, environment, state }: Pick<Workspace, 'checkout' | 'environment' | 'state'>) =>
  state === join(checkout, '.mlops', environment) ? checkout : dirname(state);

/** Relative paths to `.mlops/<environment>` are right in this checkout, too. */
export function linkState({ checkout, environment, state }: Workspace): void {
  const link = join(checkout, '.mlops', environment);
  if (link === state) return;
  const found = lstatSync(link, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && readlinkSync(link) === state) return;
  if (found !== undefined && !found.isSymbolicLink())
    throw new OperationError(
      `'${environment}' has its state in ${link} already, and MLOPS_HOME names another place. Stop it ` +
        `(\`mlops down\` without MLOPS_HOME), and move the folder to ${state}, or leave MLOPS_HOME out.`,
    );
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(state, link);
}

/** Fails with a sentence where `generated/` holds nothing to run for this environment. */
export function requireCompiled(workspace: Workspace): void {
  if (isRunnable(workspace.root, workspace.environment)) return;
  const known = runnableEnvironments(workspace.root);
  throw new OperationError(
    known.length === 0
      ? `${workspace.root}/generated holds nothing to run. Run \`mlops compile\` first.`
      : `There is no environment '${printable(workspace.environment)}' in generated/; it has ${known.join(', ')}. ` +
          'Pass --env, or add it to platform.yaml and compile.',
  );
}

/** Fails for a name that is no environment's, as a slip is. One that has left the specs has its state still. */
export function requireKnown(workspace: Workspace): void {
  const isKnown = existsSync(workspace.state) || isRunnable(workspace.root, workspace.environment);
  if (!isKnown && runnableEnvironments(workspace.root).length > 0) requireCompiled(workspace);
}

function runnableEnvironments(root: string): string[] {
  const generated = join(root, 'generated');
  if (!existsSync(generated)) return [];
  return readdirSync(generated)
    .filter((name) => isRunnable(root, name))
    .sort();
}

/** What a host writes for who operates it. */
const PLANS = ['process/processes.json', 'compose/containers.json'];

const isRunnable = (root: string, environment: string): boolean =>
  PLANS.some((plan) => existsSync(join(root, 'generated', environment, plan)));
