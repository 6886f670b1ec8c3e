import { createHash } from 'node:crypto';
import type { Finding } from './diagnostic.ts';
import { lineReader, type TextOf } from './lines.ts';

/**
 * A name for each finding that stays when lines move: made of its code, its file, the keys that lead
 * to its value and what stands there. The same mistake twice is told apart by a number.
 */
export function fingerprints(findings: readonly Finding[], textOf: TextOf): string[] {
  const seen = new Map<string, number>();
  const lineOf = lineReader(textOf, /\n/);
  return findings.map((finding) => {
    const made = hash([
      finding.code,
      finding.at.file,
      keys(finding.at.path),
      marked(finding, lineOf(finding.at.file, finding.at.line) ?? ''),
    ]);
    const before = seen.get(made) ?? 0;
    seen.set(made, before + 1);
    return before === 0 ? made : `${made}:${before}`;
  });
}

const hash = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** An item of a list moves when another is put before it; its text does not. */
const keys = (path: string): string =>
  path
    .split('/')
    .filter((step) => !/^\d+$/.test(step))
    .join('/');

function marked({ at }: Finding, line: string): string {
  return at.endLine === at.line ? line.slice(at.column - 1, at.endColumn - 1) : line.trim();
}
