/** What a test file or a suite came to, how it is shown, and the last line that counts what really ran. */
import { chalk } from 'zx';

export interface Outcome {
  name: string;
  passed: number;
  failed: number;
  /** What did not run: neither passed nor failed. */
  skipped: number;
  seconds: number;
  output: string;
}

/** What a test prints as `figure: …` is shown; the whole output is, where something failed. */
export function show({ name, passed, failed, skipped, seconds, output }: Outcome): void {
  const counts = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} not run`];
  const mark = failed === 0 ? chalk.green('✓') : chalk.red('✗');
  console.log(`${mark} ${name} ${chalk.dim(`${counts.filter(Boolean).join(', ')}, ${seconds.toFixed(1)} s`)}`);
  if (failed > 0) console.log(output.replace(/^/gm, '    '));
  else for (const [, figure] of output.matchAll(/figure: (.*)/g)) console.log(`    ${figure}`);
}

/** Names once more what failed, prints the closing line, and sets the exit code. */
export function close(outcomes: readonly Outcome[]): void {
  const sum = (count: (each: Outcome) => number): number => outcomes.reduce((total, each) => total + count(each), 0);
  const failed = sum((each) => each.failed);
  const names = outcomes.filter((each) => each.failed > 0).map(({ name }) => name);
  if (names.length > 0) console.log(`\nFailed: ${names.join(', ')}`);
  console.log(`\n${sum((each) => each.passed)} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
