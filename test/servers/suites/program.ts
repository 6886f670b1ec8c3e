import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program is. Debian's servers stand in folders that are not on everybody's PATH. */
export function programPath(name: string): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (found === undefined)
    throw new Error(`${name} is not installed on this machine: \`npm run servers:install\` installs it.`);
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
