import { createInterface } from 'node:readline/promises';
import { create, ejected, openRepository } from '../create/create.ts';
import { type Question, type Thing, things, type Wanted } from '../create/wanted.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { addFiles, requireAbsent } from '../init/add.ts';
import { readSources } from '../source/read.ts';
import { withRepositoryLock } from '../write/lock.ts';
import { replaceFiles } from '../write/replace.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { reportingFailures } from './operating.ts';
import { report } from './report.ts';
import { dayOf, todayOption } from './today.ts';

export const command: Command = {
  options: {
    team: { type: 'string', value: 'OWNER', help: 'owner of platform.yaml in whose folder it is to stand' },
    entity: { type: 'string', value: 'NAME', help: 'what a view, or the rows of a pipeline, describe' },
    'from-table': { type: 'string', value: 'TABLE', help: 'what it is made from (default: rows of its own)' },
    timestamp: { type: 'string', value: 'COLUMN', help: "the table's time, where it has several" },
    label: { type: 'string', value: 'COLUMN', help: 'what a model predicts' },
    views: { type: 'string', value: 'A,B', help: 'what a model learns from (default: all views that fit)' },
    type: { type: 'string', choices: ['string', 'int64'], help: "type of an entity's key" },
    cron: { type: 'string', value: 'CRON', help: 'when a pipeline runs (default: hourly, or after its table)' },
    eject: { type: 'boolean', default: false, help: 'write out the pipeline that a model has by itself' },
    today: todayOption,
  },
  run: (args, context) =>
    reportingFailures(context, async () => {
      const [thing = '', name = ''] = args.positionals;
      if (!isThing(thing)) throw new UsageError(unknownThing(thing));
      const today = dayOf(args.options);
      let wanted = wantedOf(thing, name, args.options);
      for (;;) {
        const question = withRepositoryLock(context.root, () =>
          made(wanted, context, args.options['eject'] === true, today),
        );
        if (question === null) return 0;
        wanted = { ...wanted, ...(await answered(question, wanted, context)) };
      }
    }),
};

const isThing = (text: string): text is Thing => (things as readonly string[]).includes(text);

function unknownThing(text: string): string {
  const near = nearest(text, things);
  return `'${text}' is nothing that new makes; ${near ? `did you mean '${near}'?` : `it makes ${things.join(', ')}`}`;
}

function wantedOf(thing: Thing, name: string, options: Arguments['options']): Wanted {
  const text = (option: string) => (options[option] === undefined ? null : String(options[option]));
  const views = text('views');
  return {
    thing,
    name,
    team: text('team'),
    entity: text('entity'),
    fromTable: text('from-table'),
    timestamp: text('timestamp'),
    label: text('label'),
    views: views === null ? null : views.split(',').map((each) => each.trim()),
    type: text('type'),
    cron: text('cron'),
  };
}

/** Writes it, or returns what is to be said first. */
function made(wanted: Wanted, context: Context, eject: boolean, today: string): Question | null {
  const repository = openRepository(readSources(context.root), today);
  const outcome = eject ? ejected(wanted, repository) : create(wanted, repository);
  if ('option' in outcome) return outcome;
  const { files, changed, left, differs } = outcome;
  requireAbsent(context.root, files.keys());
  addFiles(context.root, files);
  replaceFiles(context.root, new Map(changed));
  for (const path of files.keys()) context.out(`new      ${path}\n`);
  for (const path of changed.keys()) context.out(`changed  ${path}: it is read now, so its comment is gone\n`);
  for (const sentence of differs) context.out(`Other than before: ${sentence}.\n`);
  if (left.length > 0) report({ findings: left, suppressed: [], texts: new Map(files) }, 'text', context);
  const tested = [...files.keys()].some((path) => path.includes('/test_'));
  context.out(`\nNext: mlops compile${tested ? `, and mlops test ${wanted.name}` : ''}\n`);
  return null;
}

const FIELDS = {
  entity: 'entity',
  'from-table': 'fromTable',
  timestamp: 'timestamp',
  label: 'label',
  type: 'type',
} as const;

/** Asked on a terminal; elsewhere a sentence says which option is missing. */
async function answered(question: Question, { thing, name }: Wanted, context: Context): Promise<Partial<Wanted>> {
  const { option, asks, choices } = question;
  const among = choices.length > 0 ? ` (${choices.join(', ')})` : '';
  if (choices.length === 0)
    throw new OperationError(
      `new ${thing} ${name} needs --${option}, and there is nothing to choose from: ${ADVICE[option]}.`,
    );
  if (!context.isTerminal || process.stdin.isTTY !== true)
    throw new UsageError(`new ${thing} ${name} needs --${option}${among}`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Ctrl-D answers nothing, and would be waited for without end.
    const nothing = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    const answer = (await Promise.race([terminal.question(`${asks}${among} `), nothing])).trim();
    if (answer === '') throw new UsageError(`new ${thing} ${name} needs --${option}${among}`);
    return { [FIELDS[option]]: answer };
  } finally {
    terminal.close();
  }
}

const ADVICE: Record<Question['option'], string> = {
  entity: '`mlops new entity NAME` makes one',
  'from-table': 'a table of outcomes needs the key of a view; `mlops new view NAME --from-table TABLE` makes a view',
  timestamp: 'the table has no column of times',
  label: 'the table has no column of numbers or truths',
  type: 'string or int64',
};
