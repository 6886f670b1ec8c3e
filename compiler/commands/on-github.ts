/** The repository on GitHub that a command is about, as a workflow's variables or its options have it. */
import { execFileSync } from 'node:child_process';
import { connect, type GitHub } from '../clients/github/github.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { GitProblem } from '../source/git.ts';
import { WriteRefused } from '../write/refused.ts';
import { type Arguments, type Context, type Option, UsageError } from './command.ts';

export const repositoryOption: Option = {
  ...{ type: 'string', value: 'OWNER/NAME', help: 'where it is (default: $GITHUB_REPOSITORY)' },
};

/** What git, GitHub or the folder refuses is a sentence, and an exit status. */
export async function reportingRefusals(context: Context, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (problem) {
    if (problem instanceof GitProblem) throw new UsageError(problem.message);
    if (!(problem instanceof OperationError || problem instanceof WriteRefused)) throw problem;
    context.err(`mlops: ${printable(problem.message)}\n`);
    return 1;
  }
}

const DEFAULT_API = 'https://api.github.com';

export function githubOf(options: Arguments['options'], context: Context): GitHub {
  const stated = statedRepository(options);
  if (stated === null) throw new UsageError('which repository? Say --repository OWNER/NAME, or set GITHUB_REPOSITORY');
  const { GITHUB_TOKEN: token } = process.env;
  if (!token) throw new UsageError('GITHUB_TOKEN is not set; it is the token that writes there');
  return connected(stated, token, context);
}

/** For what goes well without GitHub: a text is the reason why there is none. */
export function githubIfAny(options: Arguments['options'], context: Context): GitHub | string {
  const { GITHUB_TOKEN: token, GITHUB_API_URL: api = DEFAULT_API } = process.env;
  if (!token) return 'GITHUB_TOKEN is not set';
  const isStated = Boolean(options['repository'] ?? process.env['GITHUB_REPOSITORY']);
  if (isStated) return githubOf(options, context);
  const found = originOf(context.root, api);
  return found === null
    ? 'the remote `origin` of this checkout is no repository there; --repository OWNER/NAME or GITHUB_REPOSITORY ' +
        'says which one'
    : connected(found, token, context);
}

interface Place {
  owner: string;
  repo: string;
}

function connected(at: Place, token: string, context: Context): GitHub {
  const { GITHUB_API_URL: api = DEFAULT_API } = process.env;
  if (!isSafe(api)) throw new UsageError('GITHUB_API_URL is no https address, and a token is sent nowhere else');
  return connect({ token, api, ...at, say: (text) => context.err(`${text}\n`) });
}

/** An owner and a repository's name, as GitHub takes them: a dot or two would lead elsewhere in its API. */
const NAMES = '([\\w-][\\w.-]*)\\/(?!\\.\\.?(?:\\.git)?\\/?$)([\\w.-]+?)';
const REPOSITORY = new RegExp(`^${NAMES}$`);
const ADDRESS = new RegExp(`^(?:[a-z+]+:\\/\\/)?(?:[^/@]*@)?([^/:]+)(?::\\d+)?[/:]${NAMES}(?:\\.git)?\\/?$`);

function statedRepository(options: Arguments['options']): Place | null {
  const stated = String(options['repository'] ?? process.env['GITHUB_REPOSITORY'] ?? '');
  const [, owner, repo] = REPOSITORY.exec(stated) ?? [];
  return owner && repo ? { owner, repo } : null;
}

/** Of a checkout of the GitHub whose API it is; what else its address has, such as a password, is not looked at. */
export function originOf(root: string, api: string): Place | null {
  const address = remoteOf(root);
  const host = URL.canParse(api) ? new URL(api).hostname.replace(/^api\./, '') : '';
  const [, at, owner, repo] = ADDRESS.exec(address) ?? [];
  return owner && repo && at?.toLowerCase() === host.toLowerCase() ? { owner, repo } : null;
}

function remoteOf(root: string): string {
  try {
    const words = ['-C', root, 'config', '--get', 'remote.origin.url'];
    return execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return ''; // no git, no repository, or none that has an origin
  }
}

/** Encrypted, or without leaving this machine. */
function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
