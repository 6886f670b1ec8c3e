/**
 * A Jenkins on this machine with one job: the part of its documented remote access API that we use (queue, builds,
 * progressive log, crumbs, Basic log-in by token), and faults on demand. It plays a build by steps: each request that
 * asks for the queue or the log brings it one further.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  /** Query and form. */
  words: URLSearchParams;
  headers: IncomingMessage['headers'];
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** The connection is cut instead of an answer, or in the middle of one. */
  cut?: 'before' | 'within';
}

interface Played {
  number: number;
  queued: number;
  parameters: Record<string, string>;
  /** How often the queue is still asked before it is given an agent. */
  waits: string[];
  /** What the log gets at each time that it is asked for. */
  log: string[];
  told: string;
  result: string;
  isCancelled: boolean;
}

export const USER = 'deployer';
export const TOKEN = '11canary00000000000000000000000000';
const COMMIT = '3d3c42e5aac5ba805825da76410c181273ba90b1';

export class JenkinsStandIn {
  /** Also with a path, as behind a proxy. */
  prefix = '';
  job = ['flights', 'main'];
  hasCrumbs = true;
  isParameterized = true;
  /** What the next build is. */
  next: Partial<Played> = {};
  readonly builds: Played[] = [];
  readonly asked: Asked[] = [];
  readonly problems: string[] = [];
  location = (queued: number): string | null => `${this.url}/queue/item/${queued}/`;
  fault: (asked: Asked) => Reply | null = () => null;
  /** Items that left the queue long ago are forgotten. */
  forgets = false;
  #sessions = 0;
  #crumbs = new Set<string>();
  #port = 0;
  #server: Server = this.#create();

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}${this.prefix}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What is queued and built stays, as Jenkins keeps it on disk; sessions do not. */
  restart(): void {
    this.stop();
    this.#crumbs.clear();
    this.#server = this.#create();
  }

  #create(): Server {
    return createServer((request, response) => void this.#answer(request, response));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString('utf8'));
    const words = new URLSearchParams([...url.searchParams, ...form]);
    const asked = { method: request.method ?? '', path: decodeURI(url.pathname), words, headers: request.headers };
    this.asked.push(asked);
    const { status, body, headers = {}, cut } = this.fault(asked) ?? this.#serve(asked);
    if (cut === 'before') return void request.socket.destroy();
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    const type = typeof body === 'string' ? 'text/plain;charset=utf-8' : 'application/json;charset=utf-8';
    response.writeHead(status, { 'x-jenkins': '2.528.1', 'content-type': type, ...headers });
    if (cut === 'within') return void response.write(text.slice(0, 3), () => request.socket.destroy());
    response.end(text);
  }

  #serve(asked: Asked): Reply {
    const expected = `Basic ${Buffer.from(`${USER}:${TOKEN}`).toString('base64')}`;
    if (asked.headers.authorization !== expected) return { status: 401, body: 'Unauthorized' };
    if (!asked.path.startsWith(`${this.prefix}/`)) return NOT_FOUND;
    const path = asked.path.slice(this.prefix.length);
    if (path === '/crumbIssuer/api/json') return this.#crumb();
    if (asked.method === 'POST' && this.hasCrumbs && !this.#isFresh(asked))
      return { status: 403, body: 'No valid crumb was included in the request' };
    const [, item] = /^\/queue\/item\/(\d+)\/api\/json$/.exec(path) ?? [];
    if (item !== undefined) return this.#item(Number(item));
    const job = `/job/${this.job.join('/job/')}/`;
    if (path.startsWith(job)) return this.#ofJob(path.slice(job.length), asked);
    return NOT_FOUND;
  }

  #crumb(): Reply {
    if (!this.hasCrumbs) return NOT_FOUND;
    this.#sessions += 1;
    const [crumb, session] = [`crumb${this.#sessions}`, `JSESSIONID.1=node${this.#sessions}`];
    this.#crumbs.add(`${crumb} ${session}`);
    const body = {
      _class: 'hudson.security.csrf.DefaultCrumbIssuer',
      crumb,
      crumbRequestField: 'Jenkins-Crumb',
    };
    return { status: 200, body, headers: { 'set-cookie': `${session};Path=/;HttpOnly` } };
  }

  /** A crumb is good in the session that it was made in. */
  #isFresh({ headers }: Asked): boolean {
    return this.#crumbs.has(`${headers['jenkins-crumb']} ${headers.cookie}`);
  }

  #item(queued: number): Reply {
    const found = this.builds.find((each) => each.queued === queued);
    if (!found || (this.forgets && found.waits.length === 0)) return NOT_FOUND;
    const of = { id: queued, task: { name: this.job.at(-1) }, cancelled: found.isCancelled };
    const why = found.waits.shift();
    if (why !== undefined) return { status: 200, body: { _class: 'hudson.model.Queue$WaitingItem', ...of, why } };
    if (found.isCancelled) return { status: 200, body: { _class: 'hudson.model.Queue$LeftItem', ...of, why: null } };
    const executable = { number: found.number, url: `${this.url}/job/${this.job.join('/job/')}/${found.number}/` };
    return { status: 200, body: { _class: 'hudson.model.Queue$LeftItem', ...of, why: null, executable } };
  }

  #ofJob(path: string, asked: Asked): Reply {
    if (path === 'buildWithParameters' && asked.method === 'POST') return this.#build(asked);
    if (path === 'api/json') {
      const builds = this.builds.map(({ number, queued }) => ({
        number,
        url: `${this.url}/x/${number}/`,
        queueId: queued,
      }));
      return { status: 200, body: { _class: 'org.jenkinsci.plugins.workflow.job.WorkflowJob', builds } };
    }
    const [, number, rest] = /^(\d+)\/(.+)$/.exec(path) ?? [];
    const found = this.builds.find((each) => each.number === Number(number));
    if (!found) return NOT_FOUND;
    if (rest === 'api/json') return this.#told(found);
    if (rest === 'logText/progressiveText') return this.#log(found, Number(asked.words.get('start') ?? 0));
    return NOT_FOUND;
  }

  #build({ words }: Asked): Reply {
    if (!this.isParameterized) return { status: 400, body: 'main is not parameterized' };
    const number = this.builds.length + 1;
    const usual = { waits: [], log: ['Started\n'], told: '', result: 'SUCCESS', isCancelled: false };
    const parameters = Object.fromEntries(words);
    const played = { ...usual, ...this.next, number, queued: 100 + number, parameters };
    this.builds.push(played);
    const location = this.location(played.queued);
    return { status: 201, ...(location === null ? {} : { headers: { location } }) };
  }

  #told({ log, result, number }: Played): Reply {
    const building = log.length > 0;
    const actions = [{}, { _class: 'hudson.plugins.git.util.BuildData', lastBuiltRevision: { SHA1: COMMIT } }];
    return { status: 200, body: { number, building, result: building ? null : result, actions } };
  }

  #log(build: Played, start: number): Reply {
    build.told += build.log.shift() ?? '';
    const bytes = Buffer.from(build.told);
    if (start > bytes.length) this.problems.push(`the log is asked for from ${start} of ${bytes.length}`);
    const headers = { 'x-text-size': String(bytes.length), ...(build.log.length > 0 ? { 'x-more-data': 'true' } : {}) };
    return { status: 200, body: bytes.subarray(start).toString('utf8'), headers };
  }
}

const NOT_FOUND: Reply = { status: 404, body: 'Not Found' };
