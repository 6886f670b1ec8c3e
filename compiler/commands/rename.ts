import { printable } from '../diagnostics/printable.ts';
import { renameIn, UnknownName } from '../editor/rename-by-name.ts';
import { planDocument, planReport } from '../plan/document.ts';
import { planOf } from '../plan/plan.ts';
import { readSources } from '../source/read.ts';
import { withRepositoryLock } from '../write/lock.ts';
import { replaceFiles } from '../write/replace.ts';
import { type Command, UsageError } from './command.ts';
import { reportingFailures } from './operating.ts';
import { count } from './report.ts';
import { dayOf, todayOption } from './today.ts';

export const command: Command = {
  options: {
    'dry-run': { type: 'boolean', default: false, help: 'say what would be changed, and write nothing' },
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
    today: todayOption,
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const [word = '', old = '', to = ''] = positionals;
      const dry = options['dry-run'] === true;
      const work = () => {
        const done = named(() => renameIn(readSources(context.root), word, old, to, dayOf(options)));
        if (!dry) replaceFiles(context.root, done.texts);
        return done;
      };
      const { kind, name, places, texts, before, after } = dry ? work() : withRepositoryLock(context.root, work);
      const files = [...texts.keys()].sort();
      const document = planDocument({ base: null, head: null, notes: [] }, planOf(before, after, {}), []);
      if (options['format'] === 'json') {
        context.out(`${JSON.stringify({ kind, name, to, places, files, plan: document }, null, 2)}\n`);
        return 0;
      }
      for (const file of files) context.out(`${dry ? 'would change' : 'changed'}  ${printable(file)}\n`);
      const verb = dry ? 'would be' : 'is';
      context.out(
        `\n${kind} ${name} ${verb} '${to}': ${count(places, 'place')} in ${count(files.length, 'file')}.\n\n`,
      );
      context.out(planReport(document));
      if (!dry)
        context.out('\nNext: `mlops compile`, and commit. What already runs is as it was until `mlops deploy`.\n');
      return 0;
    }),
};

function named<T>(work: () => T): T {
  try {
    return work();
  } catch (problem) {
    throw problem instanceof UnknownName ? new UsageError(problem.message) : problem;
  }
}
