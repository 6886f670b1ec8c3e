/** This compiler as it is installed: sources in a checkout, plain JavaScript in its package. */
import { readFileSync } from 'node:fs';
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
