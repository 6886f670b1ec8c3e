/**
 * A push deploys: a bare repository, its hook, the Jenkinsfile of a new repository played by our harness, a real
 * platform on embedded stores. Each commit changes one part, and the change is seen in the tool.
 */
import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ask, HttpError } from '../../../compiler/clients/http.ts';
import { filesOf } from '../../../compiler/init/repository.ts';
import { airflowOf } from '../../../compiler/operate/pipelines/airflow.ts';
import { atCurrent } from '../../../compiler/operate/releases.ts';
import { addressOf } from '../../../compiler/operate/supervisor/process-plan.ts';
import { platformStatus } from '../../../compiler/operate/supervisor/status.ts';
import { openWorkspace } from '../../../compiler/operate/workspace.ts';
import { programPath } from './program.ts';

const ROOT = join(import.meta.dirname, '../../..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mlops-push-')));
const [bare, work, home] = ['bare.git', 'work', 'home'].map((name) => join(folder, name)) as [string, string, string];
// Each build has a new workspace: what runs belongs to none of them.
process.env['MLOPS_HOME'] = home;
const MODEL = 'models/delivery_time/model.yaml';
const API = 'serving-delivery_time';

const run = (program: string, words: string[], cwd = folder): string =>
  execFileSync(program, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 600_000 });
const git = (...words: string[]): string =>
  run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], work);
const mlops = (...words: string[]): Promise<string> => later(process.execPath, [join(ROOT, 'bin/mlops.js'), ...words]);

/** Minutes in which nothing else may stand still: an open connection that nobody looks after is lost. */
const later = (program: string, words: string[]): Promise<string> =>
  promisify(execFile)(program, words, { cwd: work, timeout: 600_000, maxBuffer: 2 ** 26 }).then(
    ({ stdout }) => stdout,
    (problem: Error & { stdout?: string }) => Promise.reject(new Error(`${problem.message}\n${problem.stdout}`)),
  );
const pushed = (): Promise<string> => later('sh', ['-c', 'git push origin main 2>&1']);

/** While this file is there, what was deployed counts as not well. */
const ILL = join(folder, 'ill');

/** `npm ci` gives the compiler of this checkout, and tests are none of this play; everything else is npm's. */
const SHIM = `#!/bin/sh
case "$1" in
  ci)
    mkdir -p node_modules/.bin
    printf '#!/bin/sh\\nexec "%s" "%s" "$@"\\n' '${process.execPath}' '${ROOT}/bin/mlops.js' > node_modules/.bin/mlops
    chmod +x node_modules/.bin/mlops ;;
  test) echo 'tests: not played' ;;
  *)
    case "$*" in *status*) [ ! -e '${ILL}' ] || exit 1 ;; esac
    exec '${programPath('npm')}' "$@" ;;
esac
`;

const test = suite('a push');

test.before(() => {
  chmodSync(folder, 0o755);
  const choices = { name: 'shop', owner: 'team', email: 'team@example.com', timezone: 'UTC', compiler: '*' };
  const ports = { portOffset: 0, stagingPortOffset: 0 };
  for (const [path, text] of filesOf({ ...choices, ...ports, example: true, staging: true, prod: false }))
    write(path, text);
  const staging = '  staging: {runtime: process, stores: embedded, port_offset: 27000}';
  edit('platform.yaml', /\n {2}local:[\s\S]*$/, `\n${staging}\n`);
  edit(MODEL, 'online: {timeout: 2s}', 'online: {timeout: 2s, port: 35871}');
  for (const path of [bare, work])
    run('git', ['init', '--quiet', '--initial-branch', 'main', path, ...(path === bare ? ['--bare'] : [])]);
  git('remote', 'add', 'origin', bare);
  hook();
});

test.after(async () => {
  if (existsSync(home)) await mlops('down', '--env', 'staging');
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(join(work, path, '..'), { recursive: true });
  writeFileSync(join(work, path), text);
}

function edit(path: string, what: string | RegExp, by: string): void {
  const before = readFileSync(join(work, path), 'utf8');
  const after = before.replace(what, by);
  assert.is.not(after, before, `${path} has no ${what}`);
  writeFileSync(join(work, path), after);
}

/** Proxies, certificates, indexes of packages; nothing of whoever has called npm or git. */
const ofMachine = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|GIT_|NODE_)/i.test(name)));

function hook(): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), SHIM);
  const path = [bin, ...(process.env['PATH'] ?? '').split(delimiter)].join(delimiter);
  const machine = { ...ofMachine(), PATH: path };
  const settings = { repository: bare, folder, machine };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
  const words = ['--import', 'tsx', join(ROOT, 'test/jenkins/on-push.ts'), join(folder, 'settings.json')];
  const called = [process.execPath, ...words].map((each) => `'${each}'`).join(' ');
  writeFileSync(join(bare, 'hooks/post-receive'), `#!/bin/sh\nunset GIT_DIR\ncd '${ROOT}' && exec ${called} 2>&1\n`);
  for (const file of [join(bin, 'npm'), join(bare, 'hooks/post-receive')]) chmodSync(file, 0o755);
}

async function push(message: string): Promise<void> {
  await mlops('compile');
  git('add', '.');
  git('commit', '--quiet', '--message', message);
  const said = await pushed();
  assert.match(said, /Build of \w{12}: SUCCESS/, said);
}

const workspace = () => atCurrent(openWorkspace(work, 'staging'));
const schedule = async (dag: string) =>
  (await airflowOf(workspace()).dags()).find(({ dag_id: id }) => id === dag)?.timetable_summary;
const processes = async () =>
  new Map((await platformStatus(workspace())).processes.map(({ name, pid }) => [name, pid] as const));

/** Names of the processes that are others than before. */
async function startedAgain(before: ReadonlyMap<string, number | null>): Promise<string[]> {
  return [...(await processes())].filter(([name, pid]) => before.get(name) !== pid).map(([name]) => name);
}

test('of the first commit brings the platform up', async () => {
  await push('The platform');
  assert.match(await mlops('drift', '--env', 'staging'), 'all as deployed');
  assert.is(await schedule('orders'), '5 * * * *');
});

test('of a data pipeline changes its DAG in Airflow, and starts nothing again', async () => {
  const before = await processes();
  edit('pipelines/orders/pipeline.yaml', '"5 * * * *"', '"10 * * * *"');
  await push('Orders come later');
  assert.is(await schedule('orders'), '10 * * * *');
  assert.equal(await startedAgain(before), []);
});

test('of a training pipeline changes when the model is trained, and starts nothing again', async () => {
  const before = await processes();
  edit(MODEL, 'train:\n', 'train:\n  schedule: {cron: "55 3 * * *"}\n');
  await push('Trained at night');
  assert.is(await schedule('train_delivery_time'), '55 3 * * *');
  assert.equal(await startedAgain(before), []);
});

test('of batch scoring changes when rows are scored, and starts nothing again', async () => {
  const before = await processes();
  edit(MODEL, 'window: 1d}', 'window: 1d, schedule: {cron: "58 * * * *"}}');
  await push('Scored each hour');
  assert.is(await schedule('score_delivery_time'), '58 * * * *');
  assert.equal(await startedAgain(before), []);
});

/** The status of its answer to an order from this far away. */
async function statusFor(distance: number): Promise<number> {
  const body = { instances: [{ store: 'harbour', items: 3, distance, hour: 18 }] };
  const api = `${addressOf(workspace(), API)}/v1/models/delivery_time:predict`;
  return ask('The API', api, { method: 'POST', body, timeout: 60 }).then(
    () => 200,
    (problem: unknown) => (problem instanceof HttpError ? problem.status : Promise.reject(problem)),
  );
}

test('of an online API changes what it answers, and starts it alone again', async () => {
  const before = await processes();
  assert.is.not(await statusFor(100), 422);
  edit(MODEL, 'unit: km, min: 0,', 'unit: km, min: 0, max: 60,');
  await push('Nobody is that far away');
  assert.is(await statusFor(100), 422);
  assert.is.not(await statusFor(10), 422);
  assert.equal(await startedAgain(before), [API]);
});

test('of what is refused changes nothing that runs', async () => {
  const before = await processes();
  edit('pipelines/orders/pipeline.yaml', '"10 * * * *"', '"12 * * * *"');
  git('commit', '--quiet', '--all', '--message', 'Not compiled');
  const said = await pushed();
  assert.match(said, /Build of \w{12}: FAILURE/);
  assert.is(await schedule('orders'), '10 * * * *');
  assert.equal(await startedAgain(before), []);
});

test('of what is not well once it is deployed is taken back', async () => {
  const before = await processes();
  await mlops('compile');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Compiled');
  writeFileSync(ILL, '');
  const said = await pushed();
  assert.match(said, /runs what is compiled, release (\w+)[\s\S]*runs release (?!\1)\w+\.[\s\S]*: FAILURE/);
  assert.is(await schedule('orders'), '10 * * * *');
  assert.equal(await startedAgain(before), []);
});

test.run();
