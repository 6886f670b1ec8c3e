/**
 * `npm run bench`: how long things take on this machine, beside a reference that is measured in the same run. Medians
 * and ratios are printed; nothing passes or fails by them. docs/benchmarks.md keeps some.
 *
 *   npm run bench                        compile and editor
 *   npm run bench -- editor --specs 500  one of them, in a repository of as many specs
 *   npm run bench -- serving             the online API, on a running staging (options: scripts/bench/serving.ts)
 */
import { minimist } from 'zx';

const benches: Record<string, () => Promise<{ bench(words: string[]): Promise<void> }>> = {
  compile: () => import('./bench/compile.ts'),
  editor: () => import('./bench/editor.ts'),
  serving: () => import('./bench/serving.ts'),
};

const words = process.argv.slice(2);
const names = minimist(words)._.map(String);
const unknown = names.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
for (const name of names.length > 0 ? names : ['compile', 'editor']) {
  const { bench } = (await benches[name]?.()) ?? {};
  await bench?.(words);
}
