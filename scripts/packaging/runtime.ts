/** The runtime as a wheel, with the locks of what it runs with and the Dockerfiles of our images. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { buildEnvironment } from '../../compiler/operate/python/environment.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';

/** The time of every file in the wheel, as npm has it in its packages: the 26th of October 1985. */
const EPOCH = '499162500';

const BUILD = 'import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])';

export async function buildRuntime(root: string, out: string, version: string): Promise<void> {
  const source = join(root, 'runtime');
  const target = join(out, 'runtime');
  mkdirSync(target, { recursive: true });
  const python = await buildingPython(root);
  // setuptools leaves its work beside the sources.
  const scratch = mkdtempSync(join(tmpdir(), 'mlops-wheel-'));
  try {
    for (const name of ['pyproject.toml', 'requirements.in', 'mlops_runtime'])
      cpSync(join(source, name), join(scratch, name), {
        recursive: true,
        filter: (path) => !path.includes('__pycache__'),
      });
    cpSync(join(root, 'LICENSE'), join(scratch, 'LICENSE'));
    writeFileSync(join(scratch, 'VERSION'), `${version}\n`);
    // Permissions are part of a wheel.
    await $({ cwd: scratch, quiet: true, env: { ...process.env, SOURCE_DATE_EPOCH: EPOCH } })`
      find . -type d -exec chmod 755 {} + && find . -type f -exec chmod 644 {} + && ${python} -c ${BUILD} ${target}`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  for (const name of ['requirements.in', 'requirements.lock', 'requirements-test.lock', 'images'])
    cpSync(join(source, name), join(target, name), { recursive: true });
}

async function buildingPython(root: string): Promise<string> {
  const target = join(root, '.mlops/build-python');
  const lock = join(root, 'runtime/requirements-build.lock');
  await buildEnvironment(openWorkspace(root, 'local'), { target, lock, paths: [], wheel: null }, () => {});
  return join(target, 'bin/python');
}
