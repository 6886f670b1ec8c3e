import pc from 'picocolors';
import { printable, printableJson } from '../diagnostics/printable.ts';
import { createProgress } from '../operate/progress.ts';
import { requireRunning } from '../operate/supervisor/supervisor.ts';
import { liveContext } from '../release/context.ts';
import { type Drift, driftOf, hasDrifted, linesOf } from '../release/drift.ts';
import { comparedIn } from '../release/watched.ts';
import { type Command, type Context, UsageError } from './command.ts';
import { environmentOption, reportingFailures, runningOf, workspaceOf } from './operating.ts';
import { specsFromLive } from './write-back.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    'write-back': {
      type: 'boolean',
      default: false,
      help: 'make of what a spec can say a change of the specs, on a branch of its own',
    },
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
  },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      const workspace = runningOf(context, options);
      await requireRunning(workspace); // another checkout's tools may answer at the same addresses
      const { environment } = workspace;
      const isText = options['format'] === 'text';
      if (options['write-back'] && !isText) throw new UsageError('--write-back prints text; leave out --format json');
      const progress = createProgress(isText ? context : { ...context, isTerminal: false, out: () => {} });
      const stage = progress.stage('Looking at what runs');
      const live = liveContext(workspace, stage.note);
      const drifts = await driftOf(comparedIn(workspace), live);
      stage.done(summary(drifts, live.release));
      if (isText) for (const drift of drifts) printDrift(drift, context, environment);
      else context.out(`${printableJson({ environment, release: live.release, tools: drifts.map(plain) })}\n`);
      if (options['write-back'] === true && hasDrifted(drifts)) {
        context.out('\n');
        return specsFromLive(workspaceOf(context, options), workspace, drifts, context);
      }
      return hasDrifted(drifts) ? 1 : 0;
    }),
};

function summary(drifts: readonly Drift[], release: string | null): string {
  const objects = drifts.reduce((sum, each) => sum + each.objects, 0);
  const differing = drifts.reduce((sum, each) => sum + each.differences.length, 0);
  const silent = drifts.filter(({ problem }) => problem !== null).map(({ tool }) => tool);
  const of = release === null ? '' : `release ${release}: `;
  const said = `${of}${objects} objects, ${differing === 0 ? 'all as deployed' : `${differing} not as deployed`}`;
  return silent.length === 0 ? said : `${said}; not to be looked at: ${silent.join(', ')}`;
}

/** Only what differs: somebody looks for what to do. */
function printDrift(drift: Drift, context: Context, environment: string): void {
  const { tool, differences, problem, wayBack } = drift;
  if (differences.length === 0 && problem === null) return;
  const colors = pc.createColors(context.color);
  context.out(`\n${colors.bold(tool)}\n`);
  if (problem !== null) {
    context.out(`  cannot be looked at: ${printable(problem)}\n`);
    return;
  }
  for (const line of linesOf(drift)) context.out(`  ${printable(line)}\n`);
  context.out(`  ${colors.dim(wayBack ?? `\`mlops deploy --env ${environment}\` brings back what was deployed.`)}\n`);
}

const plain = ({ tool, objects, differences, problem }: Drift) => ({
  tool,
  objects,
  problem,
  differences: differences.map(({ kind, address, fields, desired, observed }) => ({
    address,
    kind: KINDS[kind],
    ...(kind === 'update'
      ? { fields: fields.map((each) => ({ path: each.path, deployed: each.desired, live: each.observed })) }
      : { deployed: desired, live: observed }),
  })),
});

/** As they look to whoever deployed: a deploy would create what is missing. */
const KINDS = { create: 'missing', delete: 'unasked', update: 'differs', unchanged: 'same' } as const;
