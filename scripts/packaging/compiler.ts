/** TypeScript becomes JavaScript and declarations; templates and the like go along as they are. */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';

/** What modules read beside them, and what was generated as JavaScript. */
const CARRIED = /\.(hbs|xml|js|d\.ts)$/;

export async function buildCompiler(root: string, out: string): Promise<void> {
  await $({ cwd: root, quiet: true })`npx tsc -p tsconfig.build.json --outDir ${out}`;
  const paths = readdirSync(join(root, 'compiler'), { recursive: true, encoding: 'utf8' });
  for (const path of paths)
    if (CARRIED.test(path) && !path.startsWith('test/'))
      cpSync(join(root, 'compiler', path), join(out, 'compiler', path));
  cpSync(join(root, 'bin/mlops.js'), join(out, 'bin/mlops.js'));
}
