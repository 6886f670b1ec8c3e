/** Times of one thing, in milliseconds. */
export interface Times {
  name: string;
  times: number[];
}

export async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

export const percentile = (times: readonly number[], share: number): number =>
  [...times].sort((a, b) => a - b)[Math.max(0, Math.ceil(times.length * share) - 1)] ?? 0;

export const median = (times: readonly number[]): number => percentile(times, 0.5);

/** A table in Markdown; the first row is the reference that the others are divided by. */
export function printTable(title: string, rows: readonly Times[]): void {
  const reference = median(rows[0]?.times ?? []);
  console.log(`\n| ${title} | median | 95 % within | × reference |\n| --- | ---: | ---: | ---: |`);
  for (const [index, { name, times }] of rows.entries()) {
    const ratio = index === 0 ? 'reference' : (median(times) / reference).toFixed(1);
    console.log(`| ${name} | ${shown(median(times))} | ${shown(percentile(times, 0.95))} | ${ratio} |`);
  }
}

const shown = (milliseconds: number): string =>
  milliseconds < 10_000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
