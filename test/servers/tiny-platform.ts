/**
 * A checkout whose environment `prod` is four small containers: an API that serves the release that it started on, a
 * follower that serves the current one as Airflow does, a page that others' program serves, and a store.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { createProgress, type Progress } from '../../compiler/operate/progress.ts';
import { openWorkspace, type Workspace } from '../../compiler/operate/workspace.ts';
import { freePort } from '../free-port.ts';
import { BASE, type ComposeEngine } from './compose-engine.ts';

const ROOT = '/opt/mlops';
const STATE = `${ROOT}/.mlops/prod`;

export interface Tiny {
  workspace: Workspace;
  progress: Progress;
  printed: () => string;
  write: (path: string, text: string) => void;
  ask: (who: 'api' | 'follower' | 'page', path: string) => Promise<string>;
  /** Service → id of its container. */
  ids: () => Record<string, string>;
}

let made = 0;

export const onTiny = (engine: ComposeEngine, work: (tiny: Tiny) => Promise<void>) => async () => {
  const root = mkdtempSync(join(engine.folder, 'checkout-'));
  made += 1;
  const project = `tiny${made}-prod`;
  const ports = { api: await freePort(), follower: await freePort(), page: await freePort() };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('runtime/mlops_runtime/__init__.py', '');
  write('runtime/requirements.lock', 'one');
  write('runtime/images/platform/Dockerfile', `FROM ${BASE}\nCOPY requirements.lock /lock\n`);
  write('generated/prod/compose/compose.yaml', stringify(composed(project, ports)));
  write('generated/prod/compose/containers.json', JSON.stringify(contract(project)));
  const environment = { environment: 'prod', secrets: { provider: 'file', dir: 'secrets' } };
  write('generated/prod/runtime/environment.json', JSON.stringify(environment));
  write('generated/prod/page/index.html', 'first page');
  write('pipelines/p/code.txt', 'first code');
  write('models/m/data.txt', 'first model');
  write('secrets/mlops_key', 'a value');
  const texts: string[] = [];
  const progress = createProgress({ isTerminal: false, color: false, out: (text) => void texts.push(text) });
  const own = ['--filter', `label=com.docker.compose.project=${project}`];
  const all = (): string[] =>
    engine
      .podman('ps', '--all', '--quiet', ...own)
      .split('\n')
      .filter(Boolean);
  try {
    await work({
      workspace: openWorkspace(root, 'prod'),
      progress,
      printed: () => texts.join(''),
      write,
      ask: async (who, path) => (await fetch(`http://127.0.0.1:${ports[who]}/${path}`)).text(),
      ids: () => {
        const shown = '{{index .Labels "com.docker.compose.service"}} {{.ID}}';
        const lines = engine.podman('ps', '--all', '--no-trunc', ...own, '--format', shown).split('\n');
        return Object.fromEntries(lines.filter(Boolean).map((line) => line.split(' ')));
      },
    });
  } finally {
    if (all().length > 0) engine.podman('rm', '--force', '--time', '0', ...all());
    rmSync(root, { recursive: true, force: true });
  }
};

/** As the compiler has it: paths lead from this file to the root, and `$` is written twice. */
function composed(project: string, ports: Record<string, number>) {
  const every = { network_mode: 'host', user: '0', stop_grace_period: '1s' };
  const ours = { ...every, image: 'tiny-platform:prod' };
  const volumes = ['../../../generated:/opt/mlops/generated:ro', `state:${ROOT}/.mlops`];
  const serves = (port: number | undefined, folder: string) => `httpd -f -p 127.0.0.1:${port} -h ${folder}`;
  const isWell = 'test "$$(cat models/m/data.txt)" != broken && test -s /run/secrets/mlops_key';
  const api = `cd $$(readlink -f $$MLOPS_ROOT) && ${isWell}`;
  return {
    name: project,
    services: {
      state: { ...ours, command: ['mkdir', '-p', STATE], volumes: [`state:${ROOT}/.mlops`], restart: 'no' },
      api: {
        ...ours,
        command: ['sh', '-c', `${api} && exec ${serves(ports['api'], '.')}`],
        volumes,
        secrets: ['mlops_key'],
        healthcheck: healthyAt(ports['api'], 'models/m/data.txt'),
      },
      follower: {
        ...ours,
        command: ['sh', '-c', `exec ${serves(ports['follower'], `${STATE}/releases`)}`],
        volumes,
        healthcheck: healthyAt(ports['follower'], 'current/release.json'),
      },
      page: {
        ...every,
        image: BASE,
        command: ['sh', '-c', `exec ${serves(ports['page'], '/etc/page')}`],
        volumes: ['../page:/etc/page:ro'],
        healthcheck: healthyAt(ports['page'], 'index.html'),
      },
      store: { ...every, image: BASE, command: ['sleep', '100000'] },
    },
    volumes: { state: {} },
    secrets: { mlops_key: { file: '../../../secrets/mlops_key' } },
  };
}

const healthyAt = (port: number | undefined, path: string) => ({
  test: ['CMD', 'wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${port}/${path}`],
  interval: '1s',
  timeout: '2s',
  retries: 5,
  start_period: '20s',
});

function contract(project: string) {
  const ours = { image: 'platform', ours: true, once: false, profile: null, reads: [] };
  const theirs = { ...ours, image: null, ours: false };
  return {
    environment: 'prod',
    project,
    state: STATE,
    first: 'state',
    images: { platform: { name: 'tiny-platform', dockerfile: 'images/platform/Dockerfile', target: null } },
    services: {
      state: { ...ours, once: true },
      api: { ...ours, reads: ['models/m'] },
      follower: ours,
      page: { ...theirs, reads: ['generated/prod/page'] },
      store: theirs,
    },
    addresses: {},
  };
}
