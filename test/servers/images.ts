/** Our images, built by podman on a stand-in base of Debian's packages, run, and asked by their own health checks. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { $ } from 'zx';
import { type Chapter, eventually, type Stage } from './stage.ts';

const BASE = 'localhost/mlops-stand-in:bookworm';
const PLATFORM = 'localhost/mlops/platform:test';
const NOTEBOOK = 'localhost/mlops/platform-notebook:test';
/** No limit may be raised in a sandbox; the network is the machine's, for there is no bridge. */
const RUN = ['--runtime', 'runc', '--network', 'host', '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];

export const chapter: Chapter = {
  title: 'Our images',
  async run(stage) {
    const folder = mkdtempSync(join(tmpdir(), 'mlops-images-'));
    try {
      await stage.check('podman builds the platform’s image and the notebook’s on a base of Debian’s packages', () => build(stage, folder));
      await stage.check('the image runs an MLflow server, healthy by its own check', () =>
        healthy(folder, 'mlflow', PLATFORM, 15_099, '/health', [
          'mlflow',
          'server',
          '--host',
          '127.0.0.1',
          '--port',
          '15099',
          '--backend-store-uri',
          'sqlite:////tmp/mlflow.db',
        ]),
      );
      await stage.check('the image runs JupyterLab, healthy by its own check', () =>
        healthy(folder, 'jupyter', NOTEBOOK, 15_098, '/api', ['jupyter', 'lab', '--ip=127.0.0.1', '--port=15098', '--no-browser']),
      );
      await stage.check('the image runs Airflow’s programs and finds every DAG without an error', () => dags(stage));
      await stage.check('a container of the API is healthy by the check of the compose file, against the servers of staging', () =>
        api(stage, folder),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const podman = $({ quiet: true, timeout: '1500s' });

async function build(stage: Stage, folder: string): Promise<void> {
  await makeBase(folder);
  // How this machine reaches packages is no part of an image.
  const mounts = ['/etc/ssl/certs', '/etc/pip.conf'].filter(existsSync).flatMap((path) => ['--volume', `${path}:${path}:ro`]);
  const options = ['--runtime', 'runc', '--network', 'host', '--isolation', 'chroot', ...mounts];
  await podman({
    cwd: stage.root,
  })`podman build ${options} -f runtime/images/platform/Dockerfile --build-arg BASE=${BASE} -t ${PLATFORM} .`;
  await podman({
    cwd: stage.root,
  })`podman build ${options} -f runtime/images/notebook/Dockerfile --build-arg PLATFORM=${PLATFORM} -t ${NOTEBOOK} .`;
  const size = await podman`podman image inspect ${PLATFORM} --format {{.Size}}`;
  stage.note(`${(Number(size.stdout) / 1e9).toFixed(1)} GB`);
}

/** Once a machine. */
async function makeBase(folder: string): Promise<void> {
  if ((await podman({ nothrow: true })`podman image exists ${BASE}`).exitCode === 0) return;
  const base = join(folder, 'base');
  const packages = 'python3,python3-venv,python3-pip,ca-certificates';
  await podman`debootstrap --variant=minbase --include=${packages} bookworm ${base}`;
  await podman`tar -C ${base} -c . | podman import - ${BASE}`;
  rmSync(base, { recursive: true });
}

/** Runs it with the health check that the compose file would give it, and asks that. */
async function healthy(
  folder: string,
  name: string,
  image: string,
  port: number,
  path: string,
  command: string[],
  more: string[] = [],
): Promise<void> {
  const container = `mlops-test-${name}-${process.pid}`;
  const check = ['--health-cmd', `healthy http://127.0.0.1:${port}${path}`, '--health-interval', 'disable'];
  const log = join(folder, `${name}.log`);
  await podman`podman run -d --name ${container} ${RUN} ${check} ${more} ${image} ${command}`;
  try {
    await eventually(120, async () => {
      const { exitCode } = await podman({ nothrow: true })`podman healthcheck run ${container}`;
      if (exitCode !== 0) {
        writeFileSync(log, (await podman({ nothrow: true })`podman logs ${container}`).text());
        throw new Error(`${name} is not healthy: ${(await podman`tail -n 5 ${log}`).stdout}`);
      }
      await sleep(100);
    });
  } finally {
    await podman({ nothrow: true })`podman rm -f -t 5 ${container}`;
  }
}

async function dags(stage: Stage): Promise<void> {
  const script =
    "from airflow.dag_processing.dagbag import DagBag; b = DagBag('/opt/mlops/generated/common/airflow/dags'); print(sorted(b.dags), b.import_errors)";
  const { stdout } = await podman`podman run --rm ${RUN} --env AIRFLOW_HOME=/tmp/airflow ${PLATFORM} python -c ${script}`;
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (!last.endsWith('{}') || !last.includes('train_departure_delay')) throw new Error(stdout);
  stage.note(last);
}

/** Its own copy of staging's addresses: the image's bundle knows them, the secrets come as files. */
async function api(stage: Stage, folder: string): Promise<void> {
  const secrets = join(folder, 'secrets');
  mkdirSync(secrets);
  for (const name of ['postgres', 'redis']) writeFileSync(join(secrets, name), stage.secret(name), { mode: 0o644 });
  const endpoint = join(folder, 'endpoint.json');
  const model = 'departure_delay';
  const port = 15_097;
  writeFileSync(endpoint, JSON.stringify({ model, host: '127.0.0.1', port, workers: 1, timeout_seconds: 5, missing_features: 'allow' }));
  const variables = Object.entries({
    MLOPS_ENV: 'staging',
    MLOPS_POSTGRES_PASSWORD: '$' + '{secret:postgres}',
    MLOPS_REDIS_PASSWORD: '$' + '{secret:redis}',
    MLFLOW_TRACKING_URI: stage.address('mlflow'),
  }).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const mounts = [
    '--volume',
    `${secrets}:/run/secrets:ro`,
    '--volume',
    `${endpoint}:/opt/mlops/generated/staging/serving/${model}.json:ro`,
  ];
  await healthy(folder, 'serving', PLATFORM, port, '/readyz', ['python', '-m', 'mlops_runtime', 'serve', model], [...variables, ...mounts]);
}
