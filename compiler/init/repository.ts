/**
 * The files of a new repository. They stand in `repository/` and `example/` as a team will have them, with `{{name}}`
 * where something is filled in, and `_` for the dot that a name begins with (npm drops some of those from packages).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';

export interface Choices {
  /** Names and an address in the forms that platform.yaml allows, so that they need no quotes anywhere. */
  name: string;
  owner: string;
  email: string;
  timezone: string;
  /** Added to the ports of local, and of staging. */
  portOffset: number;
  stagingPortOffset: number;
  /** What npm gets the compiler by: its exact version, or where its package is. */
  compiler: string;
  example: boolean;
  staging: boolean;
  prod: boolean;
}

/** Text of each file by its path, sorted. */
export function filesOf(choices: Choices): Map<string, string> {
  const folders = ['repository', ...(choices.example ? ['example'] : [])].map((name) =>
    join(import.meta.dirname, name),
  );
  const found = folders.flatMap((folder) =>
    pathsBelow(folder).map((path) => [named(path), filled(readFileSync(join(folder, path), 'utf8'), choices)] as const),
  );
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const pathsBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));

const named = (path: string): string => path.replace(/(^|\/)_/g, '$1.');

const filled = (text: string, choices: Choices): string =>
  Handlebars.compile(text, { strict: true, noEscape: true })(choices);
