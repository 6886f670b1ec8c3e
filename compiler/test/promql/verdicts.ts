/** Expressions, templates and values of series with promtool's verdict on each, as the server suite records it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Verdict {
  text: string;
  isAccepted: boolean;
}

type Recorded = 'expressions' | 'templates' | 'values';

const fileOf = (name: string): string => join(import.meta.dirname, `${name}.txt`);

export function readVerdicts(name: Recorded): Verdict[] {
  const lines = readFileSync(fileOf(name), 'utf8').trimEnd().split('\n');
  return lines
    .filter((line) => /^[+-] /.test(line))
    .map((line) => ({ text: line.slice(2), isAccepted: line.startsWith('+') }));
}

/** Writes new verdicts in the place of the old ones, in the same order; headings stay. */
export function writeVerdicts(name: Recorded, verdicts: readonly boolean[]): void {
  let index = 0;
  const text = readFileSync(fileOf(name), 'utf8').replace(/^[+-] /gm, () => (verdicts[index++] ? '+ ' : '- '));
  writeFileSync(fileOf(name), text);
}
