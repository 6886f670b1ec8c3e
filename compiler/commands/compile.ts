import { type Analysis, analyse, emit } from '../compile.ts';
import { printable } from '../diagnostics/printable.ts';
import { readSources } from '../source/read.ts';
import { GENERATED, readGenerated, writeGenerated } from '../write/folder.ts';
import { whileNobodyWrites, withRepositoryLock } from '../write/lock.ts';
import { isCurrent, planWrite, type WritePlan } from '../write/plan.ts';
import { staleCodeowners } from './codeowners.ts';
import type { Arguments, Command, Context } from './command.ts';
import { count, formatOption, report, tally } from './report.ts';
import { dayOf, todayOption } from './today.ts';

export const command: Command = {
  options: {
    check: {
      type: 'boolean',
      default: false,
      help: 'write nothing; exit 1 and name each file that is stale, missing or foreign',
    },
    format: formatOption,
    today: todayOption,
  },
  async run({ options }, context) {
    return options['check']
      ? whileNobodyWrites(context.root, () => compile(options, context, check))
      : withRepositoryLock(
          context.root,
          () => compile(options, context, write),
          (pid) => context.err(`Another mlops (process ${pid}) is writing here; this one goes on when it is done.\n`),
        );
  },
};

type Print = (text: string) => void;
type Finish = (plan: WritePlan, context: Context, summary: Print, analysis: Analysis) => number;

/** Under the lock from the first read on: what is written last was also read last. */
function compile(options: Arguments['options'], context: Context, finish: Finish): number {
  const sources = readSources(context.root);
  const analysis = analyse(sources, dayOf(options));
  report(analysis, String(options['format']), context);
  if (!analysis.ir) {
    const specs = count(sources.specs.length, 'spec');
    context.err(`${tally(analysis.findings)} in ${specs}; ${GENERATED}/ is left as it was.\n`);
    return 1;
  }
  const wanted = emit(analysis.ir);
  const plan = planWrite(wanted, readGenerated(context.root, wanted));
  return finish(plan, context, options['format'] === 'text' ? context.out : context.err, analysis);
}

function check(plan: WritePlan, context: Context, summary: Print, analysis: Analysis): number {
  const codeowners = staleCodeowners(context.root, analysis);
  if (codeowners) context.err(`${codeowners}\n`);
  const lines = [
    ...plan.stale.map((path) => `stale    ${GENERATED}/${path}: it is not what the specs say`),
    ...plan.missing.map((path) => `missing  ${GENERATED}/${path}`),
    ...plan.obsolete.map((path) => `stale    ${GENERATED}/${printable(path)}: no spec asks for it any more`),
    ...plan.foreign.map(
      (path) => `foreign  ${GENERATED}/${printable(path)}: no spec asks for it, and the manifest does not know it`,
    ),
  ];
  if (lines.length === 0) {
    summary(`${GENERATED}/ is current: ${count(plan.desired.size, 'file')}.\n`);
    return codeowners ? 1 : 0;
  }
  const foreign = plan.foreign.length > 0 ? ', and remove foreign files yourself' : '';
  context.err(
    `${lines.join('\n')}\n\n${count(lines.length, 'file')} in ${GENERATED}/ differ from the specs; run \`mlops ` +
      `compile\`${foreign}.\n`,
  );
  return 1;
}

function write(plan: WritePlan, context: Context, summary: Print): number {
  if (!isCurrent(plan)) writeGenerated(context.root, plan);
  const changes = [
    plan.missing.length > 0 ? `${plan.missing.length} new` : '',
    plan.stale.length > 0 ? `${plan.stale.length} changed` : '',
    plan.obsolete.length > 0 ? `${plan.obsolete.length} deleted` : '',
  ].filter(Boolean);
  summary(
    `${GENERATED}/: ${count(plan.desired.size, 'file')}, ` +
      `${changes.length > 0 ? changes.join(', ') : 'nothing changed'}.\n`,
  );
  for (const path of plan.foreign)
    context.err(`foreign  ${GENERATED}/${printable(path)}: no spec asks for it; it is kept\n`);
  return 0;
}
