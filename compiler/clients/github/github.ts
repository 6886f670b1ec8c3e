/**
 * GitHub, by its own client: at the pace that it asks for, tried again where that helps. What goes wrong is a sentence
 * that says what was to be done and what the token needs; the token itself stands in none.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { printable } from '../../diagnostics/printable.ts';

export interface Connection {
  token: string;
  /** `https://api.github.com`, or a GitHub Enterprise Server's. */
  api: string;
  owner: string;
  repo: string;
  /** Sentences for people. */
  say(text: string): void;
  /** Of a second, where somebody asks to wait; a test's is shorter. */
  second?: number;
  /** In which a request must be answered; a test's is shorter. */
  timeoutMs?: number;
}

export interface GitHub {
  octokit: Octokit;
  at: { owner: string; repo: string };
  /** The seconds in which it is waited for. */
  wait(seconds: number): Promise<void>;
}

/** Longer waits belong to the next run. */
const PATIENCE_SECONDS = 300;
const TRIES = 3;
const TIMEOUT_MS = 30_000;
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A GitHub Enterprise Server has no limits unless it says so, and then it says how long to wait. */
const asksForPace = (api: string): boolean => /^(api\.)?github\.com$|\.ghe\.com$/.test(new URL(api).hostname);

const unhurried = { key: () => ({ schedule: (_: unknown, work: () => Promise<unknown>) => work() }) };

export function connect(connection: Connection): GitHub {
  const { token, api, owner, repo, say, second = 1000, timeoutMs = TIMEOUT_MS } = connection;
  const waits = (why: string) => (seconds: number, _options: unknown, _octokit: unknown, tried: number) => {
    if (tried >= TRIES || seconds > PATIENCE_SECONDS) return false;
    say(`GitHub asks to wait ${seconds} s (${why}).`);
    return true;
  };
  const octokit = new (Octokit.plugin(throttling, retry))({
    auth: token,
    baseUrl: api.replace(/\/+$/, ''),
    userAgent: 'mlops-compiler',
    log: SILENT,
    request: {
      fetch: (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
    },
    retry: { retryAfterBaseValue: second },
    throttle: {
      onRateLimit: waits('limit of requests'),
      onSecondaryRateLimit: waits('limit of writes'),
      retryAfterBaseValue: second,
      id: token,
      ...(asksForPace(api) ? {} : { write: unhurried, notifications: unhurried }),
    } as never,
  });
  octokit.hook.after('request', ({ headers }) => {
    // A log-in's page, or another program's, of a wrong address: GitHub's API has none.
    if (/\bhtml\b/.test(headers['content-type'] ?? '')) throw new NoGitHub();
  });
  return { octokit, at: { owner, repo }, wait: (seconds) => sleep(seconds * second) };
}

class NoGitHub extends Error {}

export const statusOf = (problem: unknown): number => Number((problem as { status?: unknown } | null)?.status ?? 0);

/** Does it; what goes wrong is told by what was to be done, such as "write a comment". */
export async function doing<T>(what: string, needs: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (problem) {
    throw new OperationError(sentenceOf(problem, what, needs));
  }
}

function sentenceOf(problem: unknown, what: string, needs: string): string {
  if (problem instanceof NoGitHub)
    return `What answers is no API of GitHub, so it could not ${what}: GITHUB_API_URL says where that is.`;
  const status = statusOf(problem);
  const { message, response } = problem as { message: string; response?: { headers?: Record<string, string> } };
  const said = printable(message.split(' - https:')[0] ?? '').slice(0, 300);
  if (isLimit(status, said, response?.headers))
    return `GitHub's limit is reached, so it could not ${what}. Run this again later.`;
  if (status === 401)
    return `GitHub does not take the token, so it could not ${what}: it is wrong, or no longer valid.`;
  if (status === 403) return `The token may not ${what}; it needs ${needs}. GitHub says: ${said}`;
  if (status === 404)
    return `GitHub finds nothing where it was to ${what}: it is not there, or the token may not see it (${needs}).`;
  if (status >= 500 && response)
    return `GitHub answers with an error (${status}), also when asked again, so it could not ${what}.`;
  if (status === 0 || !response) return `GitHub does not answer, so it could not ${what}: ${said}`;
  return `GitHub refuses to ${what} (${status}): ${said}`;
}

const isLimit = (status: number, said: string, headers: Record<string, string> = {}): boolean =>
  status === 429 || (status === 403 && (headers['x-ratelimit-remaining'] === '0' || /\brate limit/i.test(said)));
