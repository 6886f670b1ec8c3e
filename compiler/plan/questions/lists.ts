import type { Plain } from '../../diff/state.ts';

const firstWord = (each: Plain): string => String(each).split(' ', 1)[0] ?? '';
const names = (each: Plain): string => String(each).split(' ').slice(0, -1).join(' ');

const differing = (from: Plain | undefined, to: Plain | undefined): Plain[] => {
  const [was, is] = [list(from), list(to)];
  return [...was.filter((each) => !is.includes(each)), ...is.filter((each) => !was.includes(each))];
};

const list = (value: Plain | undefined): readonly Plain[] => (Array.isArray(value) ? value : []);

/** Names of the functions that came, went or changed, of `name digest`. */
export const functionsIn = (from: Plain | undefined, to: Plain | undefined): string[] =>
  [...new Set(differing(from, to).map(names))].sort();

/** `numpy==2.1.0`, as it is now, or `- numpy==2.0.0` where it is gone. */
export function packagesIn(from: Plain | undefined, to: Plain | undefined): string[] {
  const isOf = (each: string) => each.split('==', 1)[0];
  const [was, is] = [list(from).map(firstWord), list(to).map(firstWord)];
  const gone = was.filter((each) => !is.some((other) => isOf(other) === isOf(each))).map((each) => `- ${each}`);
  const other = list(to)
    .filter((each) => !list(from).includes(each))
    .map(firstWord);
  return [...other, ...gone];
}
