/**
 * Debian asks `policy-rc.d` before a package that is installed starts its server. Those of packages would listen on
 * ports and interfaces of their own, and are none of ours.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export const POLICY = '/usr/sbin/policy-rc.d';

// 101: the action is forbidden.
const OURS =
  '#!/bin/sh\n# Of `mlops servers install` while it runs. Where it is not running, delete this file.\nexit 101\n';

/** While `work` runs, nothing that is installed is started. A policy that is there already is somebody's own. */
export async function startsNothing<T>(work: () => Promise<T>, policy: string = POLICY): Promise<T> {
  if (existsSync(policy) && readFileSync(policy, 'utf8') !== OURS) return work();
  const remove = () => rmSync(policy, { force: true });
  const end = () => process.exit(130);
  writeFileSync(policy, OURS, { mode: 0o755 });
  process.once('exit', remove).once('SIGINT', end).once('SIGTERM', end);
  try {
    return await work();
  } finally {
    remove();
    process.off('exit', remove).off('SIGINT', end).off('SIGTERM', end);
  }
}
