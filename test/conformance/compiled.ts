/** What the platforms of the tests compile to, as the real tools are asked about it. */
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PLATFORMS } from '../../compiler/test/fixture.ts';

export const ROOT = join(import.meta.dirname, '../..');
const FLIGHTS = join(PLATFORMS, 'flights');
export const compiled = join(FLIGHTS, 'golden');
/** Of each platform. */
export const everyCompiled = readdirSync(PLATFORMS).map((name) => join(PLATFORMS, name, 'golden'));

/** Files of a folder below `compiled`, with their whole paths; a folder without any is an error. */
export function filesOf(folder: string, extension: string): string[] {
  const names = readdirSync(join(compiled, folder)).filter((name) => name.endsWith(extension));
  if (names.length === 0) throw new Error(`There is no ${extension} file in ${join(compiled, folder)}.`);
  return names.sort().map((name) => join(compiled, folder, name));
}

/** Makes `folder` the checkout of a team: its code, `generated/`, and the platform's runtime. */
export function checkOut(folder: string): void {
  cpSync(compiled, join(folder, 'generated'), { recursive: true });
  for (const name of ['pipelines', 'models']) symlinkSync(join(FLIGHTS, name), join(folder, name));
  symlinkSync(join(ROOT, 'runtime'), join(folder, 'runtime'));
  mkdirSync(join(folder, '.git'));
}
