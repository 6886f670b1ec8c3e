/** A repository that somebody has made to harm who checks it, and where it stands. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Ground {
  /** Everything around the repository. */
  folder: string;
  root: string;
  /** A folder beside it, with files that nobody may read or change. */
  outside: string;
  /** Whatever runs makes this file. */
  canary: string;
}

export interface Scene {
  name: string;
  put(ground: Ground): void;
  /** What `validate` must answer. */
  validate: 0 | 1;
  /** What `compile` must answer, where it is not the same. */
  compile?: 2;
  /** It is ended after seconds: one command is enough. */
  isSlow?: true;
  /** Files that `fix` may mend. */
  mends?: string[];
}

/** Stands in every file outside of the repository. */
export const OUTSIDE_TEXT = 'text-of-a-file-outside';

/** JavaScript that gives itself away. */
export const script = ({ canary }: Ground): string =>
  `require('node:fs').writeFileSync(${JSON.stringify(canary)}, '');\n`;
export const module = ({ canary }: Ground): string =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(canary)}, '');\nexport default {};\n`;
export const python = ({ canary }: Ground): string => `open(${JSON.stringify(canary)}, "w")\n`;
export const shell = ({ canary }: Ground): string => `#!/bin/sh\ntouch '${canary}'\n`;

export function write({ root }: Ground, path: string, text: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text, { mode });
}

export function link({ root }: Ground, path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path));
}

/** Files by path. */
export const files =
  (all: (ground: Ground) => Record<string, string | Uint8Array>) =>
  (ground: Ground): void => {
    for (const [path, content] of Object.entries(all(ground))) write(ground, path, content);
  };
