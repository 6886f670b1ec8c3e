/** The repository on GitHub that a command is about, as a workflow's variables or its options have it. */
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

export function githubOf(options: Arguments['options'], context: Context): GitHub {
  const { GITHUB_TOKEN: token, GITHUB_API_URL: api = 'https://api.github.com', GITHUB_REPOSITORY } = process.env;
  const stated = String(options['repository'] ?? GITHUB_REPOSITORY ?? '');
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(stated) ?? [];
  if (!owner || !repo) throw new UsageError('which repository? Say --repository OWNER/NAME, or set GITHUB_REPOSITORY');
  if (!token) throw new UsageError('GITHUB_TOKEN is not set; it is the token that writes there');
  if (!isSafe(api)) throw new UsageError('GITHUB_API_URL is no https address, and a token is sent nowhere else');
  return connect({ token, api, owner, repo, say: (text) => context.err(`${text}\n`) });
}

/** Encrypted, or without leaving this machine. */
function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
