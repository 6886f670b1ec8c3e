/** The committed output, as the real tools are asked about it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
export const generated = join(root, 'generated');

/** Files of a folder below `generated/`, with their whole paths; a folder without any is an error. */
export function filesOf(folder: string, extension: string): string[] {
  const names = readdirSync(join(generated, folder)).filter((name) => name.endsWith(extension));
  if (names.length === 0)
    throw new Error(`There is no ${extension} file in generated/${folder}: run \`npm run compile\`.`);
  return names.sort().map((name) => join(generated, folder, name));
}
