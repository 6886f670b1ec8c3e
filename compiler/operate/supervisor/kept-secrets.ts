/** Values of secrets that `mlops secrets set` keeps: a file each, which only its owner can read. */

import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { isFolder, isMissing, makeWay, readIfThere } from '../machine/files.ts';
import { flush } from '../machine/flush.ts';
import { writeDurably } from '../machine/record-file.ts';
import type { Workspace } from '../workspace.ts';

const folderOf = ({ state }: Workspace): string => join(state, 'kept-secrets');

export const keptSecretFile = (workspace: Workspace, variable: string): string => join(folderOf(workspace), variable);

/** By variable. A value that none was set to (of a full disk, say) is not handed on: whoever takes it would fail. */
export function keptSecrets(workspace: Workspace): Record<string, string> {
  try {
    const names = readdirSync(folderOf(workspace)).filter((name) => /^MLOPS_SECRET_\w+$/.test(name));
    return Object.fromEntries(
      names.flatMap((name) => {
        const file = keptSecretFile(workspace, name);
        const value = isFolder(file) ? '' : readIfThere(file);
        if (value === null) return [];
        if (value === '' || /[\0\uFFFD]/.test(value)) throw damaged(workspace, name);
        return [[name, value]];
      }),
    );
  } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
}

const damaged = (workspace: Workspace, variable: string): OperationError =>
  new OperationError(
    `The secret ${keptSecretFile(workspace, variable)} is damaged: it holds no text. ` +
      `\`mlops secrets set ${variable} --env ${workspace.environment}\` sets it again.`,
  );

/** Whole or not at all, and never readable for others on the way. */
export function writeSecret(file: string, value: string, mode = 0o600): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = `${file}.new-${process.pid}`;
  try {
    rmSync(beside, { force: true }); // one that is there would keep its mode
    writeDurably(beside, value, 0o600);
    chmodSync(beside, mode);
    makeWay(file);
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
  flush(folder);
}
