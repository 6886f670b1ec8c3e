/**
 * Callers of an API, as a process of its own: half keep their connection, half make a new one for each request. Each
 * asks again as soon as it was answered, until standard input ends; then what each was answered is printed.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Caller {
  keepsConnection: boolean;
  answered: number;
  /** Releases that answered, in order; one more for each change. */
  releases: string[];
  lost: string[];
}

/** What is printed on the way. */
export interface Progress {
  answered: number;
  /** By the release: requests that had a connection of their own. */
  single: Record<string, number>;
}

const [url = '', count = '0'] = process.argv.slice(2);
let isOver = false;
let answered = 0;
const single: Record<string, number> = {};

function ask(agent: Agent): Promise<{ status: number; release: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method: 'POST' }, (answer) => {
      const { statusCode: status = 0, headers } = answer;
      answer.on('error', reject);
      answer.on('end', () => resolve({ status, release: String(headers['x-release']) }));
      answer.resume();
    });
    asked.on('error', reject);
    asked.end('{}');
  });
}

async function call(keepsConnection: boolean): Promise<Caller> {
  const agent = new Agent({ keepAlive: keepsConnection, maxSockets: 1 });
  const caller: Caller = { keepsConnection, answered: 0, releases: [], lost: [] };
  while (!isOver) {
    try {
      const { status, release } = await ask(agent);
      if (status !== 200) caller.lost.push(`status ${status}`);
      if (release !== caller.releases.at(-1)) caller.releases.push(release);
      caller.answered += 1;
      answered += 1;
      if (!keepsConnection) single[release] = (single[release] ?? 0) + 1;
    } catch (error) {
      caller.lost.push((error as NodeJS.ErrnoException).code ?? String(error));
    }
    await sleep(15);
  }
  agent.destroy();
  return caller;
}

process.stdin.on('end', () => {
  isOver = true;
});
process.stdin.resume();
const progress = setInterval(() => console.log(JSON.stringify({ answered, single })), 100);
const callers = await Promise.all(Array.from({ length: Number(count) }, (_, at) => call(at % 2 === 0)));
clearInterval(progress);
console.log(JSON.stringify(callers));
