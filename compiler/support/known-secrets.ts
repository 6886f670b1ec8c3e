/** Every value of a secret that this environment or its caller has: searched for, and covered, wherever it stands. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { atCurrent } from '../operate/releases.ts';
import { secretPlaces, secretValue } from '../operate/supervisor/secret-places.ts';
import type { Workspace } from '../operate/workspace.ts';

/** Value → what it is called. */
export type KnownSecrets = ReadonlyMap<string, string>;

/** Folders of the state that hold nothing else, and a file of values by variable that a crash may have left. */
const FOLDERS = ['secrets', 'kept-secrets'];
const HANDED_OVER = ['run', 'given-secrets.json'];
const SPEAKING = /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|BACKUP_KEY|PRIVATE/i;
const LARGEST = 64 * 1024;
/** A shorter text is in every other word. */
const SHORTEST = 4;

/** `unread` are those that may have a value which could not be read: then nothing may be handed out. */
export function knownSecrets(workspace: Workspace): { secrets: KnownSecrets; unread: string[] } {
  const found = new Map<string, string>();
  const unread: string[] = [];
  const add = (name: string, value: string): void => {
    // Of a key in several lines each is as secret, and a log may have just one of them.
    for (const part of [value.trim(), ...value.split(/\r?\n/).map((line) => line.trim())])
      if (part.length >= SHORTEST && !found.has(part)) found.set(part, name);
  };
  const attempt = (name: string, work: () => void): void => {
    try {
      work();
    } catch (problem) {
      const { code, message } = problem as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') unread.push(`${name} (${message})`);
    }
  };
  for (const folder of FOLDERS.map((name) => join(workspace.state, name)))
    attempt(folder, () => {
      for (const name of readdirSync(folder)) attempt(join(folder, name), () => add(name, small(join(folder, name))));
    });
  attempt('given-secrets.json', () => {
    const values: unknown = JSON.parse(small(join(workspace.state, ...HANDED_OVER)));
    for (const [name, value] of Object.entries(values ?? {})) add(name, String(value));
  });
  // Of what runs, and of the checkout, which may name others by now.
  for (const each of [workspace, atCurrent(workspace)].filter(isCompiled))
    attempt(`secrets of ${each.environment}`, () => {
      for (const place of secretPlaces(each)) attempt(place.name, () => add(place.name, secretValue(place) ?? ''));
    });
  for (const [name, value = ''] of Object.entries(process.env)) if (SPEAKING.test(name)) add(name, value);
  return { secrets: found, unread };
}

const isCompiled = ({ root, environment }: Workspace): boolean =>
  ['compose/compose.yaml', 'runtime/environment.json'].some((path) =>
    existsSync(join(root, 'generated', environment, path)),
  );

function small(path: string): string {
  const { size } = statSync(path);
  if (!statSync(path).isFile()) return '';
  if (size > LARGEST) throw new Error(`${size} bytes`);
  return readFileSync(path, 'utf8');
}
