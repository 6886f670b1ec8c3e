/** A run is followed to its end, whatever becomes of Airflow's API server, and no longer than it can get on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Airflow } from '../../compiler/clients/airflow.ts';
import { explainWarnings, followRun } from '../../compiler/operate/pipelines/follow-run.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { startProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { begin, type Call, mlops } from './cli.ts';
import { eventually, node, type Sandbox, withSandbox } from './sandbox.ts';

type Fault = (answer: ServerResponse, server: Server, port: number) => void;

/** Each a way in which a server that is started again meets who asks. */
const faults: Record<string, Fault> = {
  'closes the connection': (answer) => answer.destroy(),
  'answers 500': (answer) => answer.writeHead(500).end('Internal Server Error'),
  'answers 503': (answer) => answer.writeHead(503).end('{"detail": "starting"}'),
  'knows no token of before': (answer) => answer.writeHead(401).end('{"detail": "Invalid token"}'),
  'ends in the middle of its answer': (answer) => {
    answer.writeHead(200, { 'content-length': 1000 }).write('{"state": "succ');
    setTimeout(() => answer.destroy(), 10);
  },
  hangs: () => {},
  'answers with a page': (answer) => answer.end('<html>starting</html>'),
  'answers with nothing': (answer) => answer.end(),
  'is not there for a while': (answer, server, port) => {
    answer.destroy();
    server.close(() => setTimeout(() => server.listen(port, '127.0.0.1'), 100));
    server.closeAllConnections();
  },
};

const run = {
  dag_id: 'flights',
  dag_run_id: 'manual__1',
  run_type: 'manual',
  state: 'running',
  queued_at: null,
  conf: null,
} as const;
const soon = { failures: 40, pause: 20, timeout: 0.5 };

/** As a step prints it whose view only warns. */
const evidence = { written: { planes: { rows: 2, digest: 'd', warnings: ['1 of 2 rows break `max: 9` of speed'] } } };

const logIn = { user: 'deploy', password: 'its own' };

/** An API server that has a fault at each third request, and the run ended with `state` after twelve. */
async function faulty(fault: Fault, state: string): Promise<{ url: string; close: () => void; met: () => number }> {
  let asked = 0;
  let met = 0;
  const server = createServer(({ url = '' }, answer) => {
    const port = (server.address() as AddressInfo | null)?.port ?? 0;
    asked += 1;
    if (asked % 3 === 0 && asked < 30) {
      met += 1;
      return fault(answer, server, port);
    }
    if (url === '/auth/token') return answer.end('{"access_token": "t"}');
    if (url.includes('/xcomEntries/')) return answer.end(JSON.stringify({ value: JSON.stringify(evidence) }));
    if (url.includes('/logs/')) return answer.end('{"content": []}');
    if (!url.includes('taskInstances'))
      return answer.end(JSON.stringify({ ...run, state: asked < 12 ? 'running' : state }));
    const tasks = [
      { task_id: 'ingest', state: 'failed', try_number: 1 },
      { task_id: 'planes', state: 'success', try_number: 1 },
    ];
    return answer.end(JSON.stringify({ task_instances: tasks }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close, met: () => met };
}

/** Two processes by the names of Airflow's, which do nothing. */
const airflow = {
  processes: ['airflow-api-server', 'airflow-scheduler'].map((name) => ({
    name,
    command: node('setInterval(() => {}, 1000)'),
  })),
};

test(
  'whatever the API server does for a while, the run has the end that it has',
  withSandbox(airflow, async ({ workspace, progress }) => {
    await startProcesses(workspace, progress, false);
    let outlasted = 0;
    for (const [name, fault] of Object.entries(faults))
      for (const state of ['success', 'failed']) {
        const server = await faulty(fault, state);
        const notes: string[] = [];
        const outcome = await followRun(
          new Airflow(server.url, logIn),
          workspace,
          run,
          (text) => notes.push(text),
          soon,
        );
        server.close();
        assert.is(outcome.result, state, name);
        assert.is(
          explainWarnings(outcome),
          "  planes published rows that break rules:\n    'planes': 1 of 2 rows break `max: 9` of speed",
          name,
        );
        assert.ok(server.met() > 1, name);
        assert.ok(
          notes.some((text) => text.startsWith('waiting for Airflow: ')),
          name,
        );
        outlasted += server.met();
      }
    console.log(
      `figure: ${outlasted} failures of ${Object.keys(faults).length} kinds outlasted while runs are followed`,
    );
  }),
);

test(
  'a server that never comes back is given up after as many questions as were granted, and a run that is gone at once',
  withSandbox(airflow, async ({ workspace, progress }) => {
    await startProcesses(workspace, progress, false);
    let asked = 0;
    const server = createServer(({ url }, answer) => {
      if (url === '/auth/token') return answer.end('{"access_token": "t"}');
      asked += 1;
      return answer.writeHead(asked > 20 ? 404 : 502).end('{}');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const client = new Airflow(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, logIn);
    const follow = (failures: number) =>
      followRun(client, workspace, run, () => {}, { ...soon, failures }).then(
        () => '',
        (problem: Error) => problem.message,
      );
    assert.match(await follow(3), /answered 502 to GET .*\n {2}It was asked 3 times in a row\. The run goes on/);
    asked = 21;
    assert.match(await follow(3), 'Airflow knows the run manual__1 of flights no longer');
    server.close();
    server.closeAllConnections();
  }),
);

/** Says that a run goes on until `done` is written beside it; its scheduler is as well as `ill` is absent. */
const stub = (port: number) =>
  node(
    `const { existsSync } = require('node:fs'); require('node:http').createServer(({ url, method }, answer) => { ` +
      `const say = (value) => answer.end(JSON.stringify(value)); ` +
      `if (url === '/auth/token') return say({ access_token: 't' }); ` +
      `const status = existsSync('ill') ? 'unhealthy' : 'healthy'; ` +
      `if (url.includes('health')) return say({ scheduler: { status } }); ` +
      `if (url.includes('taskInstances')) return say({ task_instances: [] }); ` +
      `say({ dag_id: 'flights', dag_run_id: 'r1', state: existsSync('done') ? 'success' : 'running' }) ` +
      `}).listen(${port}, '127.0.0.1')`,
  );

const platform = (port: number) => ({
  processes: [
    { name: 'airflow-api-server', command: stub(port), port },
    {
      name: 'airflow-scheduler',
      command: node('setInterval(() => {}, 1000)'),
      needs: ['airflow-api-server'],
      health: `http://127.0.0.1:${port}/health#scheduler.status=healthy`,
    },
  ],
});

const end = ({ workspace }: Sandbox, name: string) => {
  const record = readRecord(workspace);
  const id = name === 'supervisor' ? record?.supervisor : record?.units.find((unit) => unit.name === name)?.process;
  process.kill(id?.pid ?? 0, 'SIGKILL');
};

async function following(sandbox: Sandbox): Promise<Call> {
  const pipelines = join(sandbox.workspace.root, 'generated/common/runtime/pipelines');
  mkdirSync(pipelines, { recursive: true });
  writeFileSync(join(pipelines, 'flights.json'), '');
  await startProcesses(sandbox.workspace, sandbox.progress, false);
  const call = begin(sandbox, 'run', 'flights', '--follow');
  await eventually('it is followed', () => call.printed().includes('0 of 0 tasks'));
  return call;
}

test(
  'an API server that is killed and started again ends no --follow',
  withSandbox(platform(15350), async (sandbox) => {
    const call = await following(sandbox);
    end(sandbox, 'airflow-api-server');
    await eventually('it waits', () => call.printed().includes('waiting for Airflow: '));
    writeFileSync(join(sandbox.workspace.root, 'done'), '');
    assert.is(await call.exit, 0, call.printed());
  }),
);

const endings: [killed: string[], said: RegExp][] = [
  [['supervisor', 'airflow-scheduler'], /flights gets on no more \(run r1, .*airflow-scheduler has gone, and so has/],
  [
    ['supervisor', 'airflow-api-server'],
    /does not answer[\s\S]*airflow-api-server has gone, and so has the supervisor/,
  ],
  [['supervisor', 'airflow-api-server', 'airflow-scheduler'], /airflow-(api-server|scheduler) has gone/],
];

for (const [index, [killed, said]] of endings.entries())
  test(
    `where ${killed.join(', ')} are killed, following ends with a sentence and 2`,
    withSandbox(platform(15351 + index), async (sandbox) => {
      const call = await following(sandbox);
      for (const name of killed) end(sandbox, name);
      assert.is(await call.exit, 2, call.printed());
      assert.match(call.printed(), said);
      assert.match(call.printed(), 'The run stays as it is until `mlops up --env local`, and then goes on.');
    }),
  );

test(
  'a scheduler without a heartbeat and without a supervisor ends it, too; what is over is never asked for in vain',
  withSandbox(platform(15354), async (sandbox) => {
    const call = await following(sandbox);
    end(sandbox, 'supervisor');
    writeFileSync(join(sandbox.workspace.root, 'ill'), '');
    assert.is(await call.exit, 2, call.printed());
    assert.match(call.printed(), 'airflow-scheduler has no heartbeat, and no supervisor restarts it.');
    const refused = await mlops(sandbox, 'run', 'flights', '--follow');
    assert.is(refused.exit, 2);
    assert.match(refused.printed, "The supervisor of 'local' has gone");
  }),
);

test.run();
