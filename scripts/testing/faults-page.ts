/** docs/faults.md: what became of deploys into which faults were injected, counted. */

export interface Tried {
  fault: string;
  /** On the way back from a deploy that failed. */
  isBack: boolean;
  /** `old`, `new`, `old, resumed`, `new, resumed` */
  end: string;
  seconds: number;
}

const ENDS = ['old', 'new', 'old, resumed', 'new, resumed'];

export function pageOf(all: readonly Tried[], seed: number): string {
  const seconds = all.map((each) => each.seconds).sort((a, b) => a - b);
  const faults = [...new Set(all.map(({ fault }) => fault))].sort();
  const row = (name: string, some: readonly Tried[]): string => {
    const ends = ENDS.map((end) => some.filter((each) => each.end === end).length);
    return `| ${[name, some.filter(({ isBack }) => isBack).length, some.length, ...ends].join(' | ')} |`;
  };
  const late = seconds.filter((each) => each > 15).length;
  const [median, longest] = [seconds[Math.floor(seconds.length / 2)], seconds.at(-1)];
  return `${[
    '# Deploys into which faults are injected',
    '',
    `Written by \`npm run test:faults -- --write\`: ${all.length} deploys of a sandbox with real processes, two ` +
      `tools and an API, drawn by seed ${seed} from every fault of every party at every boundary that a deploy ` +
      'comes by (`compiler/release/boundaries.ts`), there and on the way back from a deploy that failed. ' +
      'None is tried twice.',
    'Each ended wholly old or wholly new after at most one `--resume`, counted object by object in each tool, and ' +
      `by what the API answers. With these checks one took ${median} s in the median, ${longest} s at most; ${late} ` +
      'took more than 15 s.',
    '',
    `| fault | on the way back | deploys | ${ENDS.join(' | ')} |`,
    `| --- | ---: | ---: | ${ENDS.map(() => '---:').join(' | ')} |`,
    ...faults.map((fault) =>
      row(
        fault,
        all.filter((each) => each.fault === fault),
      ),
    ),
    row('all', all),
  ].join('\n')}\n`;
}
