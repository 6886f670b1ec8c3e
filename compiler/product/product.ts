/** This compiler as it is installed: sources in a checkout, plain JavaScript in its package; and its runtime. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, or the folder of the package. */
export const HOME = fileURLToPath(new URL('../..', import.meta.url));

/** `.ts` in a checkout, `.js` in the package. */
const EXTENSION = extname(fileURLToPath(import.meta.url));

export const version = (): string => JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8')).version;

/** What Node is told to run a module of the compiler as a program: its path within `compiler/`, without extension. */
export function moduleArguments(module: string): string[] {
  const file = join(HOME, 'compiler', `${module}${EXTENSION}`);
  return EXTENSION === '.ts' ? ['--import', new URL('../../bin/register.js', import.meta.url).href, file] : [file];
}

/** Where a repository that pins the package finds the runtime, relative to its root. */
export const PACKAGED_RUNTIME = 'node_modules/mlops-compiler/runtime';

/** The Python that runs in the platform, as this machine has it. Paths are absolute. */
export interface Runtime {
  /** The packages that it needs. */
  lock: string;
  /** What a team's tests need beside them. */
  testLock: string;
  /** Folder that holds the package `mlops_runtime` as sources; null where it comes as a wheel. */
  sources: string | null;
  wheel: string | null;
}

/** A repository that has this is a checkout of the compiler, and runs its own sources of the runtime. */
export const RUNTIME_SOURCES = 'runtime/mlops_runtime/__init__.py';

/** The repository's own, or else the one that belongs to this compiler. */
export function runtimeOf(root: string): Runtime {
  const folder = join(existsSync(join(root, RUNTIME_SOURCES)) ? root : HOME, 'runtime');
  // What runs may outlive the folder that it was installed in.
  const isThere = existsSync(folder);
  const wheel = isThere ? readdirSync(folder).find((name) => name.endsWith('.whl')) : undefined;
  return {
    lock: join(folder, 'requirements.lock'),
    testLock: join(folder, 'requirements-test.lock'),
    sources: wheel || !isThere ? null : folder,
    wheel: wheel ? join(folder, wheel) : null,
  };
}

/** Of the wheel that belongs to this compiler; sources of a checkout have the compiler's. */
export function runtimeVersion(): string {
  const { wheel } = runtimeOf(HOME);
  return (wheel && /mlops_runtime-([^-]+)-/.exec(wheel)?.[1]) ?? `${version()} (from sources)`;
}
