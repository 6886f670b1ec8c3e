import { analyse } from '../compile.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { around, type Direction, meant } from '../lineage/around.ts';
import { type Lineage, lineageOf } from '../lineage/lineage.ts';
import { dotOf, mermaidOf } from '../lineage/mermaid.ts';
import { svgOf } from '../lineage/svg.ts';
import { readSources } from '../source/read.ts';
import { type Command, UsageError } from './command.ts';
import { report } from './report.ts';
import { dayOf, todayOption } from './today.ts';

const FORMATS = {
  mermaid: mermaidOf,
  dot: dotOf,
  svg: (lineage: Lineage) => svgOf(lineage),
  json: (lineage: Lineage) => `${JSON.stringify(lineage, null, 2)}\n`,
};
/** Unless its page is told otherwise. */
const MOST_OF_MERMAID = 500;
const DIRECTIONS = ['both', 'upstream', 'downstream'] as const;

export const command: Command = {
  options: {
    of: {
      type: 'string',
      value: 'NAME',
      help: 'around what is called so (plane_delays), or one thing of it (model/churn)',
    },
    direction: {
      ...{ type: 'string', choices: DIRECTIONS, default: 'both' },
      help: 'what it is made of, what is made of it, or both',
    },
    depth: { type: 'string', value: 'NUMBER', help: 'how many steps away from it (default: all)' },
    columns: { type: 'boolean', default: false, help: 'columns, features and inputs by themselves' },
    watching: { type: 'boolean', default: false, help: 'alerts and dashboards, too' },
    format: { type: 'string', choices: Object.keys(FORMATS), default: 'mermaid', help: 'what is printed' },
    today: todayOption,
  },
  async run({ options }, context) {
    const depth = depthOf(options['depth']);
    const analysis = analyse(readSources(context.root), dayOf(options));
    if (!analysis.ir) {
      report(analysis, 'text', context);
      return 1;
    }
    const all = lineageOf(analysis.ir, {
      columns: options['columns'] === true,
      watching: options['watching'] === true,
    });
    const word = options['of'];
    const direction = options['direction'] as Direction;
    const part = word === undefined ? all : around(all, startsOf(String(word), all), direction, depth);
    if (options['format'] === 'mermaid' && part.edges.length > MOST_OF_MERMAID)
      context.err(
        `${part.edges.length} edges are more than Mermaid draws (${MOST_OF_MERMAID}): say --of, or --format svg.\n`,
      );
    context.out(FORMATS[options['format'] as keyof typeof FORMATS](part));
    return 0;
  },
};

function depthOf(stated: string | boolean | undefined): number {
  if (stated === undefined) return Number.POSITIVE_INFINITY;
  const depth = /^\d{1,4}$/.test(String(stated)) ? Number(stated) : 0;
  if (depth < 1) throw new UsageError(`--depth is a number of steps, such as 1, and not '${stated}'`);
  return depth;
}

/** Everything that is called so: a view and its table often have one name. */
function startsOf(word: string, lineage: Lineage): string[] {
  const found = meant(word, lineage);
  if (found.length > 0) return found.map(({ address }) => address);
  const names = lineage.things.flatMap(({ address, name }) => [name, address]);
  const otherwise = '`mlops graph --format json` lists what there is';
  throw new UsageError(`nothing is called '${word}'; ${didYouMean(word, names) ?? otherwise}`);
}
