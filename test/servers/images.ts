/**
 * The containers of ours, as compose.yaml says, run by podman: there is no Docker engine here, and no registry. The
 * image is built from our Dockerfile on a base of Debian's packages; PostgreSQL, Redis and Kafka are Debian's and
 * Apache's own programs, in the containers' network. Compose itself, its networks and the images of others are not part
 * of this.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { $ } from 'zx';
import { Podman, type Service } from './podman.ts';
import { type Chapter, eventually, type Stage } from './stage.ts';
import { startStores } from './stand-in-stores.ts';

const cache = process.env['MLOPS_TOOLS'] ?? join(homedir(), '.cache', 'mlops', 'tools');
const BASE = 'localhost/mlops-base:bookworm';
const IMAGE = 'localhost/flights-platform:prod';
const NOTEBOOK = 'localhost/flights-jupyter:prod';
/** Who may be asked for packages is known to this machine; a build has to know it too. */
const TRUST = ['--network', 'host', '--volume', '/etc/ssl/certs:/etc/ssl/certs:ro'];

export const chapter: Chapter = {
  title: 'Images and containers of ours, by podman',
  async run(stage) {
    const state = mkdtempSync(join(tmpdir(), 'mlops-podman-'));
    const podman = new Podman(join(cache, 'podman'), state);
    const children: ChildProcess[] = [];
    try {
      await stage.check(
        "the images are built from our Dockerfile, on Debian's packages, with every package by its hash",
        () => build(stage, podman),
      );
      await play(stage, podman, children, state);
    } finally {
      await podman.end();
      for (const child of children) child.kill('SIGTERM');
      rmSync(state, { recursive: true, force: true });
    }
  },
};

async function build(stage: Stage, podman: Podman): Promise<void> {
  const tar = join(cache, 'debian-bookworm.tar');
  if (!existsSync(tar)) await bootstrap(tar);
  if ((await podman.ask('image', 'exists', BASE)).exitCode !== 0) await podman.do('import', '--quiet', tar, BASE);
  const context = join(stage.root, 'runtime');
  const file = join(context, 'images/platform/Dockerfile');
  for (const [target, tag] of Object.entries({ platform: IMAGE, jupyter: NOTEBOOK }))
    await podman.do(
      'build',
      ...TRUST,
      '--build-arg',
      `BASE=${BASE}`,
      '--target',
      target,
      '--tag',
      tag,
      '--file',
      file,
      context,
    );
  stage.note(`${(Number(await podman.do('image', 'inspect', '--format', '{{.Size}}', IMAGE)) / 1e9).toFixed(1)} GB`);
}

/** What stands in for python:3.11-slim-bookworm: Debian bookworm with its own Python 3.11. */
async function bootstrap(tar: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'mlops-debian-'));
  const run = $({ quiet: true, timeout: '900s' });
  await run`debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm ${folder}/root`;
  await run`tar -C ${folder}/root -cf ${tar}.draft .`;
  renameSync(`${tar}.draft`, tar);
  rmSync(folder, { recursive: true, force: true });
}

async function play(stage: Stage, podman: Podman, children: ChildProcess[], state: string): Promise<void> {
  const folder = join(stage.root, 'generated/prod/compose');
  const { services } = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'), { merge: true }) as {
    services: Record<string, Service>;
  };
  const service = (name: string): Service => {
    const found = services[name];
    if (!found) throw new Error(`compose.yaml has no service '${name}'`);
    return found;
  };
  const once = (name: string) => podman.once(name, service(name), IMAGE, folder);
  const start = (name: string) => podman.healthy(name, service(name), IMAGE, folder);
  const serving = Object.keys(services).find((name) => name.startsWith('serving-')) ?? '';
  const consumer = Object.keys(services).find((name) => name.startsWith('stream-')) ?? '';

  await stage.check(
    'npm run secrets makes what is missing, names what only people know, and changes nothing afterwards',
    () => secrets(stage),
  );
  await stage.check('the stores start, in the network of the containers', async () => {
    await podman.volumes(Object.values(services));
    const pid = await podman.pod([...Object.keys(services)]);
    await startStores({ pid, root: stage.root, state, children });
  });
  for (const name of ['state', 'databases', 'topics', 'airflow-db'])
    await stage.check(`the one-shot ${name} ends well`, () => once(name));
  await stage.check('MLflow is healthy', () => start('mlflow'));
  await stage.check('the one-shot apply registers features, experiments and models', () => once('apply'));
  for (const name of ['airflow', 'airflow-dag-processor', 'airflow-scheduler'])
    await stage.check(`Airflow's container ${name} is healthy`, () => start(name));
  await stage.check('Airflow finds the DAGs, unpaused', () => dags(podman));
  await stage.check(
    `an online API is healthy, writes its log for the shipper, and drains when it is told to stop`,
    async () => {
      await start(serving);
      await rights(podman, serving);
      await logged(podman, serving);
      const { status, said } = await podman.stop(serving, 20);
      // By the signal's number, as uvicorn has it, but after it has drained.
      if (status !== 143 || !said.includes('Application shutdown complete'))
        throw new Error(`it ended with ${status}: ${said}`);
    },
  );
  await stage.check('a stream consumer is healthy, and stops in time', async () => {
    await start(consumer);
    const { status, said } = await podman.stop(consumer, 30);
    if (status !== 0) throw new Error(`it ended with ${status}: ${said}`);
  });
  await stage.check('the monitor is healthy', () => start('monitor'));
  await stage.check('Jupyter is healthy, asks for its token, and may write where people work', async () => {
    await podman.healthy('jupyter', service('jupyter'), NOTEBOOK, folder);
    const found = await podman.exec('jupyter', 'sh', '-c', ASK_JUPYTER);
    if (found !== '403 200') throw new Error(`it answered ${found}`);
  });
}

/** Its list of files: without the token, and with it. */
const ASK_JUPYTER = `touch /opt/mlops/notebooks/mine && python -c '
import urllib.error, urllib.request
def status(token):
    request = urllib.request.Request("http://localhost:8888/api/contents", headers={"authorization": f"token {token}"})
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code
print(status("wrong"), status(open("/run/secrets/mlops_jupyter").read()))'`;

async function secrets(stage: Stage): Promise<void> {
  const run = $({ cwd: stage.root, quiet: true, nothrow: true });
  const folder = join(stage.root, 'secrets');
  const first = await run`npm run --silent secrets -- prod`;
  if (first.exitCode !== 1 || !first.stdout.includes("the secret 'slack_webhook'"))
    throw new Error(`it printed ${first.stdout}${first.stderr}`);
  const before = readFileSync(join(folder, 'mlops_postgres'), 'utf8');
  await $({ quiet: true })`printf https://hooks.slack.example/x > ${join(folder, 'slack_webhook')}`;
  const second = await run`npm run --silent secrets -- prod`;
  if (second.exitCode !== 0 || readFileSync(join(folder, 'mlops_postgres'), 'utf8') !== before)
    throw new Error(`it printed ${second.stdout}${second.stderr}`);
}

/** Not root, no rights, nothing to write but volumes; and no secret in what the engine shows. */
async function rights(podman: Podman, name: string): Promise<void> {
  const found = await podman.exec(
    name,
    'sh',
    '-c',
    'id -u; grep CapEff /proc/self/status; touch /opt/mlops/x 2>&1 || true; touch /usr/x 2>&1 || true',
  );
  if (!/^10001\nCapEff:\s+0+\n.*Read-only file system\n.*Read-only file system/.test(found)) throw new Error(found);
  const shown = await podman.inspect(name);
  const password = await podman.exec(name, 'cat', '/run/secrets/mlops_redis');
  if (shown.includes(password)) throw new Error('podman inspect shows a password');
}

async function logged(podman: Podman, name: string): Promise<void> {
  const lines = await podman.exec(name, 'sh', '-c', 'cat /var/log/mlops/*.log');
  const first = JSON.parse(lines.split('\n').find((line) => line.startsWith('{')) ?? 'null') as Record<
    string,
    string
  > | null;
  if (!first?.['service.name']?.startsWith('serving-')) throw new Error(`the log holds ${lines.slice(0, 500)}`);
}

async function dags(podman: Podman): Promise<void> {
  const script = `import json, urllib.request as u
account = {"username": "admin", "password": open("/run/secrets/mlops_airflow_admin").read()}
login = u.Request("http://airflow:8080/auth/token", json.dumps(account).encode(), {"content-type": "application/json"})
token = json.load(u.urlopen(login))["access_token"]
found = json.load(u.urlopen(u.Request("http://airflow:8080/api/v2/dags", headers={"authorization": f"Bearer {token}"})))
print(json.dumps({dag["dag_id"]: dag["is_paused"] for dag in found["dags"]}))`;
  await eventually(90, async () => {
    const found = JSON.parse(await podman.exec('airflow', 'python', '-c', script)) as Record<string, boolean>;
    if (Object.keys(found).length < 3 || Object.values(found).some(Boolean))
      throw new Error(`Airflow has ${JSON.stringify(found)}`);
  });
}
