/**
 * Values of secrets that were set (kept-secrets.ts), or stand in the variables of whoever starts or deploys: handed
 * to the processes that take them, and told from others by a keyed digest. They stand in no plan and in no record.
 */
import { createHmac } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeWay } from '../machine/files.ts';
import { isObject, type RecordFile, readRecordFile, writeDurably } from '../machine/record-file.ts';
import { generatedSecret } from '../secrets.ts';
import type { Workspace } from '../workspace.ts';
import { keptSecrets } from './kept-secrets.ts';

/** By variable. */
export type Values = Record<string, string>;

const isSecret = (variable: string): boolean => variable.startsWith('MLOPS_SECRET_');

/** A variable of the shell wins: it is the nearer to whoever calls. */
export const secretsOfUser = (workspace: Workspace): Values => ({
  ...keptSecrets(workspace),
  ...Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (isSecret(name) && value ? [[name, value]] : [])),
  ),
});

/** What a process takes of them. */
export const given = (takes: readonly string[] = [], values: Values): Values =>
  Object.fromEntries(takes.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));

/** The key never leaves the state folder, and without it no value can be guessed from its digest. */
export function digestsOf(workspace: Workspace, values: Values): Values {
  if (Object.keys(values).length === 0) return {};
  const key = generatedSecret(workspace.state, 'digests');
  const digest = (value: string) => createHmac('sha256', key).update(value).digest('hex');
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, digest(value)]));
}

const handedOver = (workspace: Workspace): RecordFile<Values> => ({
  path: join(workspace.run, 'given-secrets.json'),
  isRecord: (value): value is Values =>
    isObject(value) && Object.values(value).every((each) => typeof each === 'string'),
});

/** For the supervisor, which deletes it at once; until then only its owner can read it. */
export function handOver(workspace: Workspace): void {
  const { path } = handedOver(workspace);
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  rmSync(beside, { force: true }); // one that is there would keep its mode
  writeDurably(beside, JSON.stringify(secretsOfUser(workspace)), 0o600);
  makeWay(path);
  renameSync(beside, path);
}

export function takeOverSecrets(workspace: Workspace): Values {
  const file = handedOver(workspace);
  try {
    return readRecordFile(file) ?? {};
  } finally {
    rmSync(file.path, { recursive: true, force: true });
  }
}
