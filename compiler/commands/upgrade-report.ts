/** What another version of the compiler makes different. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '../diagnostics/printable.ts';

/** As `validate --format json` prints it. */
export interface Finding {
  code: string;
  severity: string;
  message: string;
  fingerprint: string;
  at: { file: string; line: number; column: number };
}

export function newFindings(before: readonly Finding[], after: readonly Finding[]): string[] {
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  return after
    .filter(({ fingerprint }) => !known.has(fingerprint))
    .map(({ code, severity, message, at }) =>
      printable(`${severity} ${code}: ${at.file}:${at.line}:${at.column} ${message}`),
    );
}

export function readTree(folder: string): Map<string, Buffer> {
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path)]),
  );
}

export function differences(before: ReadonlyMap<string, Buffer>, after: ReadonlyMap<string, Buffer>): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    if (old && now) return old.equals(now) ? [] : [`changed  ${printable(path)}`];
    return [`${now ? 'new    ' : 'deleted'}  ${printable(path)}`];
  });
}
