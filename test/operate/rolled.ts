/** The sandbox's API that rolls, the callers that load it, and what must hold of their answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import type { PlannedCanary } from '../../compiler/operate/supervisor/process-plan.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { deploy } from '../../compiler/release/deploy.ts';
import { testPython } from '../../compiler/test/python-batch.ts';
import type { Caller, Progress } from './callers.ts';
import { eventually, runningIn, type Sandbox, withSandbox, writePlan } from './sandbox.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
export const API = 'serving-m';
export const CALLERS = 8;
export const wish = { sides: [] };

/** Of a canary: of its responses so many may fail. */
const LIMITS = { errors: 0.1, latency_seconds: null };

/** The sandbox's one process is the API, of which a first release serves. */
export const withApi = (
  { port, workers, canary }: { port: number; workers: number; canary?: PlannedCanary },
  work: (sandbox: Sandbox, first: string, load: Load) => Promise<void>,
) =>
  withSandbox({}, async (sandbox) => {
    const { workspace, progress } = sandbox;
    const address = `http://127.0.0.1:${port}`;
    writePlan(workspace.checkout, {
      processes: [
        {
          name: API,
          command: [testPython(), join(REPOSITORY, 'test/operate/rolled_api.py'), String(port), String(workers)],
          env: { MLOPS_ROOT: `\${root}`, PYTHONPATH: `${REPOSITORY}/runtime:${REPOSITORY}/test/operate` },
          port,
          health: `${address}/livez`,
          ready: `${address}/readyz`,
          reads: ['models/m'],
          rolls: true,
          ...(canary ? { canary } : {}),
        },
      ],
    });
    release(sandbox, 'one');
    if (canary)
      writeFileSync(join(workspace.checkout, 'models/m/canary.json'), JSON.stringify({ ...canary, ...LIMITS }));
    const first = await deploy(workspace, progress, wish);
    const load = constantLoad(address);
    try {
      await load.more(100);
      await work(sandbox, first, load);
    } finally {
      load.kill();
    }
  });

/** What the next deploy brings; its API gets ready when `waits` is there. */
export function release({ workspace: { checkout } }: Sandbox, code: string, waits = ''): void {
  mkdirSync(join(checkout, 'models/m'), { recursive: true });
  writeFileSync(join(checkout, 'models/m/code.txt'), code);
  writeFileSync(join(checkout, 'models/m/waits.txt'), waits);
}

export const gate = ({ workspace }: Sandbox): string => join(workspace.state, 'gate');
export const unit = ({ workspace }: Sandbox) => readRecord(workspace)?.units.find(({ name }) => name === API);
export const pidOf = (sandbox: Sandbox): number => unit(sandbox)?.process?.pid ?? 0;

export interface Load {
  /** Until this many more requests were answered. */
  more(requests: number): Promise<void>;
  /** How many connections for one request each release has answered by now. */
  single(): Record<string, number>;
  end(): Promise<Caller[]>;
  kill(): void;
}

function constantLoad(url: string): Load {
  const program = fileURLToPath(new URL('./callers.ts', import.meta.url));
  const args = ['--import', import.meta.resolve('tsx'), program, url, String(CALLERS)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const whole = () => printed.split('\n').slice(0, -1);
  const latest = () => JSON.parse(whole().at(-1) ?? '{"answered":0,"single":{}}') as Progress;
  const count = () => latest().answered;
  return {
    single: () => latest().single,
    async more(requests) {
      const before = count();
      await eventually(`${requests} more requests`, () => count() >= before + requests);
    },
    async end() {
      child.stdin.end();
      await closed;
      return JSON.parse(whole().at(-1) ?? '') as Caller[];
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Each caller was answered by these releases, one after the other, and lost nothing. */
export function assertWhole(callers: Caller[], releases: string[]): void {
  assert.is(callers.length, CALLERS);
  assert.equal(
    callers.flatMap(({ lost }) => lost),
    [],
  );
  assert.equal([...new Set(callers.map(({ releases: answered }) => answered.join(', ')))], [releases.join(', ')]);
  const count = callers.reduce((sum, { answered }) => sum + answered, 0);
  console.log(
    `figure: ${count} requests of ${CALLERS} callers, 0 lost, answered by ${releases.length} releases in turn`,
  );
}

/** The API's main process with its workers, and nobody else's. */
export function assertNoTwin(sandbox: Sandbox): void {
  const own = runningIn(sandbox).filter((each) => each.unit === API);
  const pids = new Set(own.map(({ pid }) => pid));
  const main = own.filter(({ parent }) => !pids.has(parent));
  assert.equal(
    main.map(({ pid }) => pid),
    [pidOf(sandbox)],
  );
}

export const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing failed',
    (error: unknown) => (error as Error).message,
  );

export function deployElsewhere({ workspace: { checkout } }: Sandbox): ChildProcess {
  const program = fileURLToPath(new URL('./deployer.ts', import.meta.url));
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, checkout], { stdio: 'ignore' });
}
