/** `logs` and `retry` on an Airflow that remembers what it is asked, with hostile output of the team's steps. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { begin, mlops } from './cli.ts';
import { eventually, node, type Sandbox, withSandbox } from './sandbox.ts';

const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u001b[31mred\u001b[0m \u202eback\r over';

/** `r1` of flights failed at its second step, `twin` is of two pipelines, `busy` runs, `old` is of one gone. */
const airflow = (port: number) =>
  node(`
    const runs = { flights: ['r1', 'busy', 'twin'], weather: ['twin'], gone: ['old'] };
    const at = (tries, second) => tries ? '2026-01-01T00:00:0' + second + 'Z' : null;
    const task = (task_id, state, try_number, second) =>
      ({ task_id, state, try_number, start_date: at(try_number, second), end_date: at(try_number, second + 1) });
    let tasks = [
      task('publish', 'upstream_failed', 0, 0),
      task('ingest', 'success', 1, 1),
      task('clean', 'failed', 2, 3),
    ];
    const state = (run) => run === 'busy' ? 'running' : 'failed';
    const one = (dag_id, dag_run_id) => ({ dag_id, dag_run_id, state: state(dag_run_id), run_type: 'manual' });
    const logger = 'x.SubprocessHook';
    const words = (task, attempt) => [
      { event: 'Output:' },
      { event: task + ' try ' + attempt + ${JSON.stringify(HOSTILE)}, logger, timestamp: at(1, 2) },
      { event: 'ValueError: no rows in ' + task, logger },
      { event: 'Command exited with return code 1' },
    ];
    require('node:http').createServer((request, answer) => {
      const url = decodeURIComponent(request.url);
      const say = (value, status = 200) => answer.writeHead(status).end(JSON.stringify(value));
      if (url === '/auth/token') return say({ access_token: 't' });
      const dags = Object.keys(runs).map((dag_id) => ({ dag_id }));
      if (url.includes('/dags?')) return say({ dags, total_entries: 3 });
      const [, dag, rest] = /dags\\/(\\w+)\\/(.*)/.exec(url) ?? [];
      if (!dag) return say({});
      if (rest === 'clearTaskInstances') {
        let text = '';
        return request.on('data', (part) => { text += part; }).on('end', () => {
          const { task_ids } = JSON.parse(text);
          const again = task_ids.includes('clean') ? [...task_ids, 'publish'] : task_ids;
          tasks = tasks.map((each) => again.includes(each.task_id) ? { ...each, state: null } : each);
          say({ task_instances: [] });
        });
      }
      if (rest.startsWith('dagRuns?')) return say({ dag_runs: (runs[dag] ?? []).map((run) => one(dag, run)) });
      const [, run, of = ''] = /^dagRuns\\/([^/]+)(.*)/.exec(rest);
      const log = /taskInstances\\/(\\w+)\\/logs\\/(\\d+)/.exec(of);
      if (log) return say({ content: words(log[1], log[2]) });
      if (of.startsWith('/taskInstances')) return say({ task_instances: tasks });
      return say(one(dag, run));
    }).listen(${port}, '127.0.0.1')`);

const platform = (port: number) => ({
  processes: [
    { name: 'airflow-api-server', command: airflow(port), port },
    { name: 'serving-delay', command: node(`console.log('ready\\u001b[2J'); setInterval(() => {}, 1000)`) },
  ],
});

function compiled({ workspace }: Sandbox, ...pipelines: string[]): void {
  const folder = join(workspace.root, 'generated/common/runtime/pipelines');
  mkdirSync(folder, { recursive: true });
  for (const name of pipelines) writeFileSync(join(folder, `${name}.json`), '{"steps": {}}');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

test(
  'logs shows a run: its steps, what failed first in its own words, and lines in which nothing moves the cursor',
  withSandbox(platform(15400), async (sandbox) => {
    compiled(sandbox, 'flights', 'weather');
    assert.match((await mlops(sandbox, 'logs')).printed, "Nothing of 'local' has run yet");
    assert.is((await mlops(sandbox, 'up')).exit, 0);
    const { exit, printed } = await mlops(sandbox, 'logs', 'flights');
    assert.is(exit, 0, printed);
    assert.match(
      printed,
      /^flights: failed \(run r1\)\n {2}ingest +success .*\n {2}clean +failed .*1 s {2}try 2\n {2}publish/,
    );
    assert.match(printed, '\nclean failed first: ValueError: no rows in clean\n');
    assert.match(printed, /00:00:02 clean +\| clean try 2red \ufffdback\ufffd over\n/);
    assert.not.match(printed, CONTROL);

    const first = await mlops(sandbox, 'logs', 'flights', 'r1', '--step', 'clean', '--try', '1', '--format', 'json');
    const report = JSON.parse(first.printed);
    assert.equal(report.failed, { step: 'clean', reason: 'ValueError: no rows in clean' });
    assert.match(report.lines[0].text, 'clean try 1red');
    assert.equal(report.lines.length, 2);

    const processes = await mlops(sandbox, 'logs');
    assert.match(processes.printed, /serving-delay {2}\(.*serving-delay\.log\)\n {2}ready\n/);
    assert.not.match(processes.printed, CONTROL);
    assert.match((await mlops(sandbox, 'logs', 'delay')).printed, 'ready');

    const refusals: [string[], RegExp | string][] = [
      [['flightz'], "there is no pipeline or process 'flightz'; did you mean 'flights'?"],
      [['flights', 'r2'], "There is no run 'r2' of flights; did you mean 'r1'?"],
      [['flights', '--step', 'clear'], "flights has no step 'clear'; did you mean 'clean'?"],
      [['flights', '--step', 'clean', '--try', '3'], 'clean was tried 2 times.'],
      [['flights', '--try', '1'], '--try is of a --step'],
      [['flights', '--lines', '-1'], /.*/],
      [['flights', '--lines', '1e9'], "--lines '1e9' is no number"],
      [['../../etc/passwd'], "there is no pipeline or process '../../etc/passwd'"],
      [['flights', '\u001b[2J'], 'There is no run'],
    ];
    for (const [args, said] of refusals) {
      const refused = await mlops(sandbox, 'logs', ...args);
      assert.is(refused.exit, 2, args.join(' '));
      assert.match(refused.printed, said);
      assert.not.match(refused.printed, CONTROL);
    }
  }),
);

test(
  'logs --follow says what processes write from then on, also after the file was begun again',
  withSandbox(platform(15401), async (sandbox) => {
    compiled(sandbox, 'flights');
    await mlops(sandbox, 'up');
    const call = begin(sandbox, 'logs', 'serving-delay', '--follow');
    await eventually('it shows what is there', () => call.printed().includes('ready'));
    const file = join(sandbox.workspace.logs, 'serving-delay.log');
    await eventually('a line that is added is shown', () => {
      appendFileSync(file, 'one more line of it\n');
      return call.printed().includes('serving-delay | one more');
    });
    writeFileSync(file, '');
    await eventually('so is one of a new file', () => {
      appendFileSync(file, 'again\n');
      return call.printed().includes('serving-delay | again');
    });
    call.child.kill('SIGINT');
    await call.exit;
    const run = await mlops(sandbox, 'logs', 'flights', 'r1', '--follow');
    assert.is(run.exit, 0, 'a run that is over is followed no longer');
  }),
);

test(
  'retry does what failed again and what follows it, says what that is, and refuses what makes no sense',
  withSandbox(platform(15402), async (sandbox) => {
    compiled(sandbox, 'flights', 'weather');
    assert.match((await mlops(sandbox, 'retry', 'r1')).printed, "Nothing of 'local' is running");
    await mlops(sandbox, 'up');
    const refusals: [string, string][] = [
      ['flights/busy', 'flights is running (run busy): wait for its end, `mlops logs flights --follow` shows it.'],
      [
        'twin',
        "Several pipelines have a run 'twin'; name one:\n  mlops retry 'flights/twin'\n  mlops retry 'weather/twin'",
      ],
      ['old', 'gone is none of the compiled pipelines any more'],
      ['gone', 'gone is none of the compiled pipelines any more'],
      ['r3', "There is no run 'r3'; did you mean 'r1'?"],
      ['', "There is no run ''"],
    ];
    for (const [run, said] of refusals) {
      const refused = await mlops(sandbox, 'retry', run);
      assert.is(refused.exit, 2, run);
      assert.match(refused.printed, said);
    }
    // What was compiled since waits for a deploy, and is no slip.
    compiled(sandbox, 'bookings');
    mkdirSync(join(sandbox.workspace.root, 'generated/common/mlflow'), { recursive: true });
    writeFileSync(join(sandbox.workspace.root, 'generated/common/mlflow/demand.json'), '{}');
    for (const [verb, name] of [
      ['retry', 'bookings'],
      ['run', 'bookings'],
      ['logs', 'bookings'],
      ['promote', 'demand'],
    ] as const) {
      const { exit, printed } = await mlops(sandbox, verb, name);
      assert.is(exit, 2, printed);
      assert.match(printed, `${name} is compiled, and not deployed yet: \`mlops deploy --env local\` brings it`);
    }

    const again = await mlops(sandbox, 'retry', 'r1', '--failed');
    assert.is(again.exit, 0, again.printed);
    assert.match(again.printed, /^flights runs again: publish, clean \(run r1\)\.\n/);
    assert.match((await mlops(sandbox, 'retry', 'r1', '--failed')).printed, 'No step of flights failed in the run r1');
    const whole = await mlops(sandbox, 'retry', 'flights', '--format', 'json');
    assert.equal(JSON.parse(whole.printed), { pipeline: 'flights', run: 'r1', steps: ['publish', 'ingest', 'clean'] });
  }),
);

test.run();
