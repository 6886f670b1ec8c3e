/** `mlops deploy --via jenkins`: the job of the main branch is started, and followed to its end. */
import { Jenkins } from '../clients/jenkins/jenkins.ts';
import { analyse } from '../compile.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { readSources } from '../source/read.ts';
import { type Arguments, type Context, type Option, UsageError } from './command.ts';

export const jenkinsOptions = {
  via: {
    type: 'string',
    choices: ['jenkins'],
    help: 'have Jenkins deploy what main has, and follow it; needs JENKINS_URL, JENKINS_USER, JENKINS_TOKEN',
  },
  job: { type: 'string', value: 'JOB', help: 'with --via jenkins: which job (default: PLATFORM/main)' },
} satisfies Record<string, Option>;

export async function deployByJenkins({ options }: Arguments, context: Context): Promise<number> {
  const jenkins = new Jenkins(connectionOf(context));
  const { job, environment } = wanted(options, context);
  const queued = await jenkins.trigger(job, { UNTIL: environment });
  const build = await jenkins.started(job, queued);
  context.out(`${job} #${build.number}: ${build.url}\n`);
  const { result, commit } = await untilInterrupted(context, build.url, () =>
    jenkins.follow(job, build, (line) => context.out(`  ${printable(line)}\n`)),
  );
  const of = commit === null ? '' : ` of ${commit.slice(0, 12)}`;
  if (result === 'SUCCESS') {
    context.out(`${job} #${build.number}${of}: '${environment}' is deployed.\n`);
    return 0;
  }
  context.err(`mlops: ${job} #${build.number}${of} ended with ${printable(result)}; ${build.url} has its stages.\n`);
  return 1;
}

function wanted({ env, job }: Arguments['options'], { root }: Context) {
  const { ir } = analyse(readSources(root));
  if (!ir) throw new OperationError('The specs have errors; `mlops validate` shows them.', 1);
  const environment = String(env);
  const known = ir.environments.map(({ name }) => name);
  if (!known.includes(environment)) {
    const near = nearest(environment, known);
    throw new UsageError(
      `there is no environment '${environment}'; ${near ? `did you mean '${near}'?` : `there are ${known.join(', ')}`}`,
    );
  }
  const name = String(job ?? `${ir.platform.name}/main`);
  if (!/^[^/]+(\/[^/]+)*$/.test(name) || name.split('/').some((each) => /^\.{1,2}$/.test(each)))
    throw new UsageError('--job is the name of a job, or FOLDER/BRANCH of a multibranch job');
  return { environment, job: name };
}

function connectionOf(context: Context) {
  const { JENKINS_URL: url = '', JENKINS_USER: user = '', JENKINS_TOKEN: token = '' } = process.env;
  const missing = Object.entries({ JENKINS_URL: url, JENKINS_USER: user, JENKINS_TOKEN: token })
    .filter(([, value]) => value === '')
    .map(([name]) => name);
  if (missing.length > 0)
    throw new UsageError(
      `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not set; --via jenkins needs the address, a user ` +
        'and an API token of theirs',
    );
  if (!isSafe(url))
    throw new UsageError('JENKINS_URL is no https address without a log-in in it, and a token is sent nowhere else');
  return { url, user, token, say: (text: string) => context.err(`${text}\n`) };
}

/** Encrypted, or without leaving this machine. */
function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(address);
  if (username || password || search || hash) return false;
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}

/** Whoever stops looking stops nothing. */
async function untilInterrupted<T>(context: Context, url: string, work: () => Promise<T>): Promise<T> {
  const onSignal = () => {
    context.err(`\nmlops: no longer followed; the build goes on in Jenkins: ${url}\n`);
    process.exit(130);
  };
  process.once('SIGINT', onSignal);
  try {
    return await work();
  } finally {
    process.off('SIGINT', onSignal);
  }
}
