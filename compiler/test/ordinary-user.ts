/** Permissions mean nothing to root, as whom CI runs: what is about them is tried as somebody else. */
import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const NOBODY = 65_534;

/** Runs `work` without root's rights, as the owner of everything below `root`. */
export function asOrdinaryUser<T>(root: string, work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  for (const path of ['', ...(readdirSync(root, { recursive: true }) as string[])])
    chownSync(join(root, path), NOBODY, NOBODY);
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
