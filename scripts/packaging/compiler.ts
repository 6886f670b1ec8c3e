/** TypeScript becomes JavaScript and declarations; templates and the like go along as they are. */
import { cpSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { $ } from 'zx';

/** What modules read beside them, what was generated as JavaScript, and the files of new repositories. */
const CARRIED = /^(?!test\/).*\.(hbs|xml|js|d\.ts|schema\.json)$|^backup\/\w+\.py$|^init\/(repository|example)\//;

export async function buildCompiler(root: string, out: string): Promise<void> {
  await $({ cwd: root, quiet: true })`npx tsc -p tsconfig.build.json --outDir ${out}`;
  const source = join(root, 'compiler');
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const path = relative(source, join(entry.parentPath, entry.name));
    if (entry.isFile() && CARRIED.test(path) && !path.includes('__pycache__'))
      cpSync(join(source, path), join(out, 'compiler', path));
  }
  cpSync(join(root, 'bin/mlops.js'), join(out, 'bin/mlops.js'));
}
