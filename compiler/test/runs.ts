/**
 * How often a property is tried, and from which seed: always the same in `npm test`. `npm run test:long` tries other
 * seeds, and each a multiple of times, by these two variables; so does whoever repeats what it found.
 */
export const SEED = Number(process.env['SEED'] ?? 1);
export const TIMES = Number(process.env['TIMES'] ?? 1);

export const runs = (count: number): { numRuns: number; seed: number } => ({ numRuns: count * TIMES, seed: SEED });
