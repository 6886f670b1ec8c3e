import { resolve } from 'node:path';
import { printable } from '../diagnostics/printable.ts';
import { createProgress } from '../operate/progress.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Approved, approvedIn } from '../release/approved.ts';
import { deploy, type Way } from '../release/deploy.ts';
import { requireDeployable } from '../release/deployable.ts';
import { keyOption } from './backup.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { requireCurrent } from './current.ts';
import { backupIn } from './deploy-backup.ts';
import { deployByJenkins, jenkinsOptions } from './deploy-by-jenkins.ts';
import { partOf } from './deploy-only.ts';
import { dropDataOption, droppedIn } from './drop-data.ts';
import { compiledThings, environmentOption, releasedTo, reportingFailures, unknownThing } from './operating.ts';
import { readStated } from './stated-file.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    resume: { type: 'boolean', default: false, help: 'carry on a deploy that was cut short' },
    abort: { type: 'boolean', default: false, help: 'go back to what ran before a deploy that was cut short' },
    plan: {
      type: 'string',
      value: 'FILE',
      help: 'deploy just what `mlops plan --deployed ENV --format json` said; stop where anything has moved since',
    },
    only: {
      type: 'string',
      value: 'KIND:NAME,…',
      help: 'deploy this (pipeline:flights) and what it needs, and leave all else as it runs',
    },
    digest: { type: 'string', value: 'SHA256', help: 'with --plan: of the plan that was agreed to' },
    check: { type: 'boolean', default: false, help: 'with --plan: only say whether it could be deployed now' },
    'with-drift': {
      type: 'boolean',
      default: false,
      help: 'with --plan: also where what runs is no longer what was deployed',
    },
    watch: {
      type: 'string',
      value: 'SECONDS',
      default: '0',
      help: 'afterwards look for so long for alerts that begin, and take everything back where one does',
    },
    'keep-api': {
      type: 'string',
      value: 'MODEL,…',
      help: 'where its champion needs what its model no longer has: leave its API as it is until a new one is trained',
    },
    'drop-data': dropDataOption(
      'drop this data for good, last, where nothing asks for it any more; may be given again',
    ),
    'backup-to': {
      type: 'string',
      value: 'FOLDER',
      help: 'a backup of what is there before anything changes; where that fails, nothing does',
    },
    key: { ...keyOption, help: `with --backup-to: ${keyOption.help}` },
    ...jenkinsOptions,
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      if (options['via'] !== undefined) {
        requireForJenkins(options);
        return deployByJenkins({ positionals, options }, context);
      }
      if (options['job'] !== undefined) throw new UsageError('--job goes with --via jenkins');
      const { env: environment, resume, abort } = options;
      if (resume && abort) throw new UsageError('--resume goes on and --abort goes back: leave one of them out');
      const way = resume ? 'resume' : abort ? 'abort' : 'new';
      if (!/^\d{1,5}$/.test(String(options['watch'])))
        throw new UsageError('--watch is a number of seconds, such as 60');
      const watch = Number(options['watch']);
      const dropping = droppedIn(options);
      if (way !== 'new' && dropping.length > 0)
        throw new UsageError(`--${way} ends what was begun, as it was begun: leave --drop-data out`);
      const approved = approvedBy(options, way, context);
      if (way === 'new') requireCurrent(context.root, String(environment));
      const progress = createProgress(context);
      const withDrift = options['with-drift'] === true;
      const workspace = releasedTo(context, options);
      if (approved !== null && options['check'] === true) {
        await requireDeployable(workspace, progress, { approved, withDrift, dropping });
        progress.line(`Nothing has moved since the plan: it would bring '${environment}' to release ${approved.to}.`);
        return 0;
      }
      const only = onlyOf(options, way);
      const part = only === null ? {} : { part: (checkout: Workspace) => partOf(checkout, only) };
      const release = await deploy(workspace, progress, {
        way,
        approved,
        withDrift,
        watch,
        dropping,
        keeping: keptIn(options, way, workspace),
        backUp: backupIn(options, way, workspace),
        ...part,
      });
      const what = way === 'new' && only === null ? 'what is compiled, ' : '';
      progress.line(`'${environment}' runs ${what}release ${release}.`);
      return 0;
    }),
};

function requireForJenkins({ plan, only, 'backup-to': to, 'drop-data': data }: Arguments['options']): void {
  if ((plan ?? only) !== undefined)
    throw new UsageError('--via jenkins has a build plan and deploy all of main: leave --plan and --only out');
  if (to !== undefined) throw new UsageError('--via jenkins deploys where its agent is: leave --backup-to out');
  if (data !== undefined)
    throw new UsageError('--via jenkins has a build deploy main, which drops no data: leave --drop-data out');
}

/** A name that no model has would keep nothing, and the deploy go on as if it had not been asked for. */
function keptIn({ 'keep-api': kept }: Arguments['options'], way: Way, checkout: Workspace): string[] {
  if (kept === undefined) return [];
  if (way !== 'new') throw new UsageError(`--${way} ends what was begun, as it was begun: leave --keep-api out`);
  const models = String(kept).split(',');
  const known = compiledThings(checkout, 'model');
  for (const name of models) if (!known.includes(name)) throw unknownThing(checkout, { kind: 'model', name, known });
  return models;
}

function onlyOf({ only, plan }: Arguments['options'], way: Way): string | null {
  if (only === undefined) return null;
  if (way !== 'new') throw new UsageError(`--${way} ends what was begun, all of it: leave --only out`);
  if (plan !== undefined) throw new UsageError('--plan is of everything: leave it or --only out');
  return String(only);
}

function approvedBy(
  { plan, digest, env, check, 'with-drift': withDrift }: Arguments['options'],
  way: Way,
  { root }: Context,
): Approved | null {
  if (plan === undefined) {
    const given = { '--digest': digest !== undefined, '--check': check, '--with-drift': withDrift };
    const alone = Object.entries(given).find(([, isGiven]) => isGiven)?.[0];
    if (alone !== undefined) throw new UsageError(`${alone} goes with --plan FILE`);
    return null;
  }
  if (way !== 'new') throw new UsageError(`--${way} ends what was begun, whatever its plan: leave --plan out`);
  if (digest !== undefined && !/^[0-9a-f]{64}$/i.test(String(digest)))
    throw new UsageError('--digest is a SHA-256: 64 hexadecimal digits, as `sha256sum` prints them');
  const file = printable(String(plan));
  const bytes = readStated(resolve(root, String(plan)), '--plan', String(plan));
  return approvedIn(bytes, file, String(env), digest === undefined ? null : String(digest));
}
