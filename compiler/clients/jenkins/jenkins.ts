/**
 * Jenkins, by the package `jenkins`, which nobody maintains: this module alone knows it, and has what it lacks: types,
 * a word on a Location that leads nowhere, the way from the queue to the build, patience where Jenkins is restarted.
 */
import Client from 'jenkins';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { printable } from '../../diagnostics/printable.ts';
import { isTransient, sentenceOf, statusOf } from './problems.ts';

export interface Connection {
  /** `https://jenkins.example.com`, also with a path. */
  url: string;
  user: string;
  token: string;
  /** Sentences for people. */
  say(text: string): void;
  /** Of a second, in milliseconds; a test's is shorter. */
  second?: number;
}

export interface Build {
  number: number;
  url: string;
}

export interface Ended extends Build {
  result: string;
  /** What it had checked out; null where it tells none. */
  commit: string | null;
}

/** A restart takes minutes. */
const PATIENCE_SECONDS = 600;
const TIMEOUT_SECONDS = 30;
const POLL_SECONDS = 1;

export class Jenkins {
  readonly #client: Client;
  readonly #connection: Connection;
  readonly #second: number;

  constructor(connection: Connection) {
    const { url, user, token, second = 1000 } = connection;
    this.#connection = connection;
    this.#second = second;
    this.#client = new Client({
      baseUrl: url.replace(/\/+$/, ''),
      headers: { authorization: `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}` },
      timeout: TIMEOUT_SECONDS * second,
      crumbIssuer: () => this.#crumb(),
    });
  }

  /** Asked once: a request that may have arrived is not sent again. Gives its number in the queue. */
  async trigger(job: string, parameters: Record<string, string>): Promise<number> {
    const what = `start ${job}`;
    const queued = await this.#client.job
      .build({ name: job, parameters })
      .catch((problem: unknown) => this.#refuse(problem, what));
    if (typeof queued === 'number' && Number.isSafeInteger(queued) && queued > 0) return queued;
    throw new OperationError(
      `Jenkins was asked to ${what}, and its answer names no place in the queue, so the build cannot be followed. ` +
        `Look at ${this.#pageOf(job)}; a proxy before Jenkins that changes the header Location is the usual cause.`,
      1,
    );
  }

  /** Waits until the queue has given it an agent. */
  async started(job: string, queued: number): Promise<Build> {
    let said = '';
    for (;;) {
      const item = await this.#patiently(`ask for item ${queued} of the queue`, 404, () =>
        this.#client.queue.item(queued),
      );
      // Jenkins forgets an item some minutes after it has become a build.
      if (item === null) return this.#buildOf(job, queued);
      if (item['cancelled'] === true)
        throw new OperationError(`Somebody took the build of ${job} out of Jenkins' queue; nothing was run.`, 1);
      const made = recordOf(item['executable']);
      if (made && typeof made['number'] === 'number') return this.#build(job, made['number'], made['url']);
      const why = printable(String(item['why'] ?? 'in the queue'));
      if (why !== said) this.#connection.say(`Jenkins: ${why}`);
      said = why;
      await this.#pause();
    }
  }

  /** Hands on its log, in whole lines, until it has ended. */
  async follow(job: string, { number, url }: Build, line: (text: string) => void): Promise<Ended> {
    const rest = await this.#log(job, number, line);
    if (rest !== '') line(rest);
    for (;;) {
      const found = await this.#known(`ask how ${job} #${number} ended`, () =>
        this.#client.build.get({ name: job, number, tree: 'building,result,actions[lastBuiltRevision[SHA1]]' }),
      );
      if (found['building'] === false && typeof found['result'] === 'string')
        return { number, url, result: found['result'], commit: commitOf(found['actions']) };
      await this.#pause();
    }
  }

  /** Gives what comes after the last end of a line. */
  async #log(job: string, number: number, line: (text: string) => void): Promise<string> {
    let start = 0;
    let rest = '';
    for (;;) {
      const part = await this.#known(`read the log of ${job} #${number}`, () =>
        this.#client.build.log({ name: job, number, start, meta: true }),
      );
      const size = Number(part['size'] ?? start);
      if (size > start) {
        const lines = `${rest}${String(part['text'] ?? '')}`.split(/\r?\n/);
        rest = lines.pop() ?? '';
        for (const each of lines) line(each);
        start = size;
      }
      if (part['more'] !== true) return rest;
      await this.#pause();
    }
  }

  async #buildOf(job: string, queued: number): Promise<Build> {
    const found = await this.#known(`look for the build of item ${queued}`, () =>
      this.#client.job.get({ name: job, tree: 'builds[number,url,queueId]' }),
    );
    const builds = (Array.isArray(found['builds']) ? found['builds'] : []).map(recordOf);
    const ours = builds.find((each) => each?.['queueId'] === queued);
    if (typeof ours?.['number'] === 'number') return this.#build(job, ours['number'], ours['url']);
    throw new OperationError(
      `Jenkins knows no item ${queued} of its queue any more, and no build of ${job} that came of it; ` +
        `look at ${this.#pageOf(job)}.`,
      1,
    );
  }

  /** Its own word for where it is, if that is a web address: it is printed for people to open. */
  #build(job: string, number: number, url: unknown): Build {
    const stated = typeof url === 'string' && /^https?:\/\/[\w.:/%~+@-]+$/.test(url);
    return { number, url: stated ? url : `${this.#pageOf(job)}${number}/` };
  }

  #pageOf(job: string): string {
    const path = job.split('/').filter(Boolean).map(encodeURIComponent);
    return `${this.#connection.url.replace(/\/+$/, '')}/job/${path.join('/job/')}/`;
  }

  async #known(what: string, ask: () => Promise<unknown>): Promise<Record<string, unknown>> {
    return (await this.#patiently(what, null, ask)) as Record<string, unknown>;
  }

  /** Asks again while Jenkins is away; null at the `expected` status. */
  async #patiently(
    what: string,
    expected: number | null,
    ask: () => Promise<unknown>,
  ): Promise<Record<string, unknown> | null> {
    for (let tried = 1; ; tried += 1)
      try {
        const answer = recordOf(await ask());
        if (answer) return answer;
        throw new OperationError(
          `What answers at ${this.#connection.url} is not Jenkins, or a proxy stands before it that answers itself: ` +
            `it could not ${what}.`,
        );
      } catch (problem) {
        if (expected !== null && statusOf(problem) === expected) return null;
        if (problem instanceof OperationError) throw problem;
        if (!isTransient(problem) || tried * POLL_SECONDS >= PATIENCE_SECONDS) return this.#refuse(problem, what);
        if (tried === 1) this.#connection.say('Jenkins does not answer; waiting until it is back.');
        await this.#pause();
      }
  }

  /** A token needs no crumb since Jenkins 2.96; where there is none, there is nothing to send. */
  async #crumb() {
    try {
      const { crumbRequestField, crumb, cookies } = recordOf(await this.#client.crumbIssuer.get()) ?? {};
      if (typeof crumbRequestField !== 'string' || typeof crumb !== 'string') return {};
      return {
        headerName: crumbRequestField,
        headerValue: crumb,
        ...(Array.isArray(cookies) ? { cookies: cookies.map(String) } : {}),
      };
    } catch (problem) {
      if (statusOf(problem) === 404) return {};
      throw problem;
    }
  }

  #refuse(problem: unknown, what: string): never {
    throw new OperationError(sentenceOf(problem, what, this.#connection.url), 1);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, POLL_SECONDS * this.#second));
  }
}

const recordOf = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;

function commitOf(actions: unknown): string | null {
  for (const action of Array.isArray(actions) ? actions : []) {
    const commit = recordOf(recordOf(action)?.['lastBuiltRevision'])?.['SHA1'];
    if (typeof commit === 'string' && /^[\da-f]{7,64}$/.test(commit)) return commit;
  }
  return null;
}
