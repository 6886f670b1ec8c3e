import { analyse } from '../compile.ts';
import { type Changed, catalogueOf } from '../lineage/catalogue.ts';
import { lineageOf } from '../lineage/lineage.ts';
import { GitProblem, Repository } from '../source/git.ts';
import { readSources } from '../source/read.ts';
import type { Command } from './command.ts';
import { report } from './report.ts';
import { dayOf, todayOption } from './today.ts';

export const command: Command = {
  options: { today: todayOption },
  async run({ options }, context) {
    const { ir, ...analysis } = analyse(readSources(context.root), dayOf(options));
    if (!ir) {
      report(analysis, 'text', context);
      return 1;
    }
    const { things } = lineageOf(ir, { columns: false, watching: true });
    const files = [...new Set(things.flatMap(({ origin }) => origin?.file ?? []))];
    context.out(catalogueOf(ir, await changedIn(context.root, files)));
    return 0;
  },
};

/** Nothing where there is no history: the page is of the files as they are. */
async function changedIn(root: string, files: readonly string[]): Promise<Changed> {
  try {
    const repository = await Repository.at(root);
    const head = await repository.commit('HEAD');
    return head ? await repository.lastChanges(head, files) : new Map();
  } catch (problem) {
    if (problem instanceof GitProblem) return new Map();
    throw problem;
  }
}
