/**
 * A GitHub on this machine with one repository: comments, checks and labels that stay, pages, and faults on demand.
 * Each request and each answer is held against GitHub's own description; what differs is kept in `problems`.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Deployments } from './deployments.ts';
import {
  answerOf,
  itemOf,
  type Operation,
  objectOf,
  operationAt,
  requestProblems,
  responseProblems,
} from './description.ts';
import type { GitData } from './git-data.ts';
import type { Asked, Reply, StoredPull } from './records.ts';

export type { Asked, Reply, StoredPull };

export interface StoredCheck {
  id: number;
  head_sha: string;
  conclusion: string | null;
  annotations: { path: string; start_line: number; message: string }[];
}

export class GitHubStandIn {
  /** Whom the token is of. */
  login = 'github-actions[bot]';
  mayAskWhoItIs = false;
  pulls: StoredPull[] = [];
  /** The repository's branches and objects, where it has any; and who may push. */
  data: GitData | null = null;
  /** Who has been asked for a review, by pull request; and who may be, where not everybody may. */
  reviews: { pull: number; name: string }[] = [];
  collaborators: readonly string[] | null = null;
  readonly deployments = new Deployments();
  comments: { id: number; issue: number; login: string | null; body: string }[] = [];
  checks: StoredCheck[] = [];
  labels = new Map<number, string[]>();
  readonly asked: Asked[] = [];
  readonly problems: string[] = [];
  /** What is answered instead; null where the request is served. */
  fault: (asked: Asked) => Reply | null = () => null;
  /** What becomes of the answer: it is lost with its connection, or never sent. The request is served all the same. */
  lost: (asked: Asked) => 'cut' | 'silence' | null = () => null;
  #next = 1000;
  readonly #server: Server = createServer((request, response) => {
    void this.#answer(request).then(({ status, body, headers = {} }) => {
      const lost = this.asked.length === 0 ? null : this.lost(this.asked.at(-1) as Asked);
      if (lost === 'cut') request.socket.destroy();
      if (lost !== null) return;
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(body === undefined ? '' : JSON.stringify(body));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  of(operation: string): Asked[] {
    return this.asked.filter((each) => each.operation === operation);
  }

  async #answer(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? '', this.url);
    const found = operationAt(request.method ?? '', url.pathname);
    if (!found) {
      this.problems.push(`there is no ${request.method} ${url.pathname}`);
      return { status: 404, body: { message: 'Not Found' } };
    }
    const { operation, words } = found;
    const text = Buffer.concat(await request.toArray()).toString('utf8');
    const body = text === '' ? undefined : JSON.parse(text);
    this.problems.push(...requestProblems(operation, url.searchParams, body));
    const { authorization } = request.headers;
    const asked = { operation: operation.operationId, words, query: url.searchParams, body: body ?? {}, authorization };
    this.asked.push(asked);
    const reply = this.fault(asked) ?? this.#serve(asked, operation, url);
    this.problems.push(...responseProblems(operation, reply.status, reply.body));
    return reply;
  }

  #serve(asked: Asked, operation: Operation, url: URL): Reply {
    if (asked.authorization === undefined) return { status: 401, body: { message: 'Requires authentication' } };
    const served =
      this.data?.serve(asked, operation, this.pulls) ??
      this.deployments.serve(asked, operation, (all) => page(url, all));
    if (served) return served;
    const serve = this.#services[asked.operation];
    return serve ? serve(asked, operation, url) : { status: 404, body: { message: 'Not Found' } };
  }

  readonly #services: Record<string, (asked: Asked, operation: Operation, url: URL) => Reply> = {
    'users/get-authenticated': (_, operation) =>
      this.mayAskWhoItIs
        ? { status: 200, body: answerOf(operation, 200, { login: this.login }) }
        : { status: 403, body: { message: 'Resource not accessible by integration' } },
    'pulls/list': (_, operation, url) =>
      page(
        url,
        this.pulls.map((each) => itemOf(operation, pullAnswer(each))),
      ),
    'pulls/get': ({ words }, operation) => {
      const pull = this.pulls.find(({ number }) => number === Number(words['pull_number']));
      return pull ? { status: 200, body: answerOf(operation, 200, pullAnswer(pull)) } : NOT_FOUND;
    },
    'issues/list-comments': ({ words }, operation, url) => {
      const own = this.comments.filter(({ issue }) => issue === Number(words['issue_number']));
      return page(
        url,
        own.map((each) => itemOf(operation, commentAnswer(each))),
      );
    },
    'issues/create-comment': ({ words, body }, operation) => {
      if ([...String(body['body'])].length > 65_536) return TOO_LONG;
      const made = {
        id: this.#id(),
        issue: Number(words['issue_number']),
        login: this.login,
        body: String(body['body']),
      };
      this.comments.push(made);
      return { status: 201, body: answerOf(operation, 201, commentAnswer(made)) };
    },
    'issues/update-comment': ({ words, body }, operation) => {
      const found = this.comments.find(({ id }) => id === Number(words['comment_id']));
      if (!found) return NOT_FOUND;
      if ([...String(body['body'])].length > 65_536) return TOO_LONG;
      found.body = String(body['body']);
      return { status: 200, body: answerOf(operation, 200, commentAnswer(found)) };
    },
    'issues/delete-comment': ({ words }) => {
      const before = this.comments.length;
      this.comments = this.comments.filter(({ id }) => id !== Number(words['comment_id']));
      return this.comments.length < before ? { status: 204 } : NOT_FOUND;
    },
    'issues/list-events': ({ words }, operation, url) => {
      const own = this.reviews.filter(({ pull }) => pull === Number(words['issue_number']));
      return page(
        url,
        own.map(({ name }) => itemOf(operation, eventAnswer(name))),
      );
    },
    'pulls/request-reviewers': ({ words, body }, operation) => {
      const number = Number(words['pull_number']);
      const pull = this.pulls.find((each) => each.number === number);
      if (!pull) return NOT_FOUND;
      const { reviewers = [], team_reviewers = [] } = body as Record<string, string[]>;
      const names = [...reviewers, ...team_reviewers.map((each) => `${words['owner']}/${each}`)];
      const isRefused = (name: string) => name === pull.author || this.collaborators?.includes(name) === false;
      if (names.some(isRefused)) return { status: 422, body: { message: NO_COLLABORATOR } };
      this.reviews.push(...names.map((name) => ({ pull: number, name })));
      return { status: 201, body: answerOf(operation, 201, pullAnswer(pull)) };
    },
    'checks/create': ({ body }, operation) => {
      const made = { id: this.#id(), head_sha: String(body['head_sha']), conclusion: null, annotations: [] };
      this.checks.push(made);
      return { status: 201, body: this.#checked(made, body, operation, 201) };
    },
    'checks/update': ({ words, body }, operation) => {
      const found = this.checks.find(({ id }) => id === Number(words['check_run_id']));
      return found ? { status: 200, body: this.#checked(found, body, operation, 200) } : NOT_FOUND;
    },
    'issues/list-labels-on-issue': ({ words }, operation, url) =>
      page(
        url,
        this.#labelsOf(words).map((name) => itemOf(operation, { name })),
      ),
    'issues/add-labels': ({ words, body }, operation) => {
      const names = [...new Set([...this.#labelsOf(words), ...(body['labels'] as string[])])];
      this.labels.set(Number(words['issue_number']), names);
      return { status: 200, body: names.map((name) => itemOf(operation, { name })) };
    },
    'issues/remove-label': ({ words }, operation) => {
      const name = decodeURIComponent(words['name'] ?? '');
      if (!this.#labelsOf(words).includes(name)) return NOT_FOUND;
      const names = this.#labelsOf(words).filter((each) => each !== name);
      this.labels.set(Number(words['issue_number']), names);
      return { status: 200, body: names.map((each) => itemOf(operation, { name: each })) };
    },
  };

  #checked(check: StoredCheck, body: Asked['body'], operation: Operation, status: number): unknown {
    const output = body['output'] as { annotations?: StoredCheck['annotations'] } | undefined;
    // Each request adds its annotations to those before.
    check.annotations.push(...(output?.annotations ?? []));
    check.conclusion = (body['conclusion'] as string | undefined) ?? check.conclusion;
    const { id, head_sha, conclusion } = check;
    return answerOf(operation, status, { id, head_sha, conclusion });
  }

  #labelsOf(words: Record<string, string>): string[] {
    return this.labels.get(Number(words['issue_number'])) ?? [];
  }

  #id(): number {
    this.#next += 1;
    return this.#next;
  }
}

const NOT_FOUND: Reply = { status: 404, body: { message: 'Not Found' } };
const TOO_LONG: Reply = {
  status: 422,
  body: {
    message: 'Validation Failed: body is too long (maximum is 65536 characters)',
    documentation_url: 'https://docs.github.com/rest',
  },
};

const NO_COLLABORATOR = 'Reviews may only be requested from collaborators.';

const OURS = 1;
const FORK = { ref: 'main', repo: { id: 2 } };
const headOf = (branch: string | null | undefined) =>
  branch === undefined ? FORK : branch === null ? { repo: null } : { ref: branch, repo: { id: OURS } };

const pullAnswer = ({ number, head: sha, base, author, draft = false, branch }: StoredPull) => ({
  ...{ number, state: 'open', user: userOf(author), draft },
  head: { sha, ...headOf(branch) },
  base: { sha: base, ref: 'main', repo: { id: OURS, default_branch: 'main' } },
});

const commentAnswer = ({ id, body, login }: GitHubStandIn['comments'][number]) => ({
  ...{ id, body, user: login === null ? null : userOf(login) },
});

const eventAnswer = (name: string) => ({
  event: 'review_requested',
  ...(name.includes('/')
    ? { requested_team: objectOf('team', { slug: name.split('/')[1] }) }
    : { requested_reviewer: userOf(name) }),
});

const SIMPLE_USER = operationAt('GET', '/user')?.operation as Operation;
const userOf = (login: string) => {
  const { plan: _, ...user } = answerOf(SIMPLE_USER, 200, { login }) as Record<string, unknown>;
  return user;
};

function page(url: URL, all: readonly unknown[]): Reply {
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const number = Number(url.searchParams.get('page') ?? 1);
  const body = all.slice((number - 1) * size, number * size);
  if (all.length <= number * size) return { status: 200, body };
  const next = new URL(url);
  next.searchParams.set('page', String(number + 1));
  return { status: 200, body, headers: { link: `<${next}>; rel="next"` } };
}
