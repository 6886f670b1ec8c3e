/** A state as the embedded stores leave it, its backups, and empty checkouts to restore them into. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { walk } from '../../compiler/backup/contents.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { checkout } from '../live/checkout.ts';

export const area = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-backup-'));
const made: string[] = [area];

export function removeAll(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}

export function emptyCheckout(): Workspace {
  const workspace = checkout('local', []);
  made.push(workspace.root);
  rmSync(workspace.state, { recursive: true });
  return workspace;
}

/** What the platform itself keeps, beside the tools. */
export function furnish(full: Workspace): void {
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(full.state, path)), { recursive: true });
    writeFileSync(join(full.state, path), text);
    chmodSync(join(full.state, path), mode);
  };
  put('ledger.jsonl', '{"event":"begun"}\n');
  put('secrets/key', 'a secret', 0o600);
  put('kept-secrets/MLOPS_SECRET_KEY', 'another', 0o600);
  put('releases/0123456789ab/release.json', '{}', 0o444);
  put('releases/0123456789ab/bin/tool', '#!/bin/sh', 0o555);
  symlinkSync('0123456789ab', join(full.state, 'releases/current'));
  symlinkSync('../../../../secrets', join(full.state, 'releases/0123456789ab/secrets'));
  put('logs/web.log', 'made again');
  put('run/supervisor.json', 'made again');
}

/** Everything in the state that is no database: path → mode, and digest or target. */
export function tree(workspace: Workspace): Record<string, string> {
  const found: Record<string, string> = {};
  walk(workspace.state, {
    folder: ({ path, mode }) => {
      found[path] = `folder ${mode.toString(8)}`;
    },
    link: ({ path, target }) => {
      found[path] = `link ${target}`;
    },
    file: ({ path, mode }) => {
      const bytes = readFileSync(join(workspace.state, path));
      const digest = path.endsWith('.db') ? 'database' : createHash('sha256').update(bytes).digest('hex');
      found[path] = `file ${mode.toString(8)} ${digest}`;
    },
  });
  return found;
}

export const ids = (folder: string): string[] =>
  existsSync(join(folder, 'local/backups')) ? readdirSync(join(folder, 'local/backups')) : [];
