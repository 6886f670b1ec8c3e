/** Steps that build on each other: each is a check, and the first that fails ends them. */
import { chalk } from 'zx';

export type Check = (title: string, work: () => unknown) => Promise<void>;

/** Counts in `tally`, says how it went, and fails as it failed. */
export function countedIn(tally: { passed: number; failed: number }): Check {
  return async (title, work) => {
    const begun = Date.now();
    try {
      await work();
      tally.passed += 1;
      console.log(`${chalk.green('✓')} ${title} ${chalk.dim(`${((Date.now() - begun) / 1000).toFixed(1)} s`)}`);
    } catch (problem) {
      tally.failed += 1;
      console.log(`${chalk.red('✗')} ${title}\n${String(problem).replace(/^/gm, '    ')}`);
      throw problem;
    }
  };
}
