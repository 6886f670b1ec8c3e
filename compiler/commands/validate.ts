import { analyse, withChampions } from '../compile.ts';
import { openWorkspace } from '../operate/workspace.ts';
import { type Champions, recordedChampions } from '../release/champions.ts';
import { readSources } from '../source/read.ts';
import type { Command } from './command.ts';
import { count, formatOption, listSuppressed, report, tally } from './report.ts';
import { dayOf, todayOption } from './today.ts';

export const command: Command = {
  options: {
    format: formatOption,
    suppressed: {
      type: 'boolean',
      help: 'list what comments suppress, with the reasons and the days on which they end',
    },
    today: todayOption,
  },
  async run({ options }, context) {
    const sources = readSources(context.root);
    const specs = analyse(sources, dayOf(options));
    const analysis = withChampions(specs, deployedFrom(context.root, specs.ir?.environments ?? []));
    report(analysis, String(options['format']), context);
    if (options['format'] !== 'text') return analysis.ir ? 0 : 1;
    if (!analysis.ir) {
      context.err(`${tally(analysis.findings)} in ${count(sources.specs.length, 'spec')}.\n`);
      return 1;
    }
    if (options['suppressed']) listSuppressed(analysis.suppressed, context);
    context.out(`${count(sources.specs.length, 'spec')} checked: ${tally(analysis.findings)}.\n`);
    return 0;
  },
};

/**
 * By environment, as the last deploy from this checkout recorded them. Without a record nothing is known here:
 * `mlops deploy` asks the registry itself.
 */
function deployedFrom(root: string, environments: readonly { name: string }[]): Map<string, Champions> {
  return new Map(
    environments.flatMap(({ name }) => {
      const champions = recordedChampions(openWorkspace(root, name));
      return champions ? [[name, champions] as const] : [];
    }),
  );
}
