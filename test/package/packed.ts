/** The package, built from this checkout and installed in an empty folder, as a team's repository has it. */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { buildPackage } from '../../scripts/packaging/package.ts';

export const ROOT = join(import.meta.dirname, '../..');

export interface Packed {
  /** Nothing of the checkout is in it or above it. */
  folder: string;
  tarball: string;
  /** What npm made of the tarball. */
  installed: string;
  /** `bin/mlops.js` of the package. */
  program: string;
  remove(): void;
}

/** `<into>/NAME.tgz`. */
export async function pack(into: string): Promise<string> {
  const out = join(into, 'dist');
  await buildPackage(ROOT, out);
  await $({ cwd: into, quiet: true })`npm pack ${out} --pack-destination ${into}`;
  rmSync(out, { recursive: true });
  return join(into, readdirSync(into).find((name) => name.endsWith('.tgz')) ?? '');
}

export async function installPacked(): Promise<Packed> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-packed-'));
  const tarball = await pack(folder);
  const home = join(folder, 'installed');
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{"private": true}\n');
  await $({ cwd: home, quiet: true })`npm install --prefer-offline --no-audit --no-fund ${tarball}`;
  const installed = join(home, 'node_modules/mlops-compiler');
  return {
    folder,
    tarball,
    installed,
    program: join(installed, 'bin/mlops.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
