/** Links, pipes, devices and other files that are none, at every place that is read or written. */
import { execFileSync } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Ground, link, type Scene, write } from './scene.ts';

const linked = (name: string, path: string, target: string, compile?: 2): Scene => ({
  name: `${name}: ${path} → ${target}`,
  put(ground) {
    rmSync(join(ground.root, path), { recursive: true, force: true });
    link(ground, path, target);
  },
  validate: compile ? 0 : 1,
  ...(compile && { compile }),
});

/** A misspelling that `fix` mends, where it may. */
const misspell = (path: string, { outside }: Ground): void => {
  cpSync(join(outside, '../repository/features'), path, { recursive: true });
  writeFileSync(join(path, 'clicks.yaml'), 'kind: FeatureVeiw\nentity: customer\n');
};

const made = (
  name: string,
  path: string,
  make: (path: string) => void,
  answers: Pick<Scene, 'validate' | 'compile'>,
): Scene => ({
  name: `${name} at ${path}`,
  put({ root }) {
    rmSync(join(root, path), { recursive: true, force: true });
    mkdirSync(dirname(join(root, path)), { recursive: true });
    make(join(root, path));
  },
  ...answers,
});

/** Made by Python, since a bare machine need not have `mkfifo`. */
const pipe = (path: string): void =>
  void execFileSync('python3', ['-c', 'import os, sys; os.mkfifo(sys.argv[1])', path]);
/** The path of a socket must be short. */
const socket = (path: string): void =>
  void execFileSync('python3', [
    '-c',
    'import os, socket, sys; os.chdir(sys.argv[1]); socket.socket(socket.AF_UNIX).bind(sys.argv[2])',
    dirname(path),
    path.slice(dirname(path).length + 1),
  ]);

const REFUSED = { validate: 1 } as const;
const NOT_WRITTEN = { validate: 0, compile: 2 } as const;

export const links: Scene[] = [
  linked('a file outside', 'features/more.yaml', '../../outside/clicks.yaml'),
  linked('a file of the system', 'features/more.yaml', '/etc/passwd'),
  linked('without end', 'features/more.yaml', '/dev/zero'),
  linked('the process itself', 'features/more.yaml', '/proc/self/environ'),
  linked('itself', 'features/more.yaml', 'more.yaml'),
  linked('nothing', 'features/more.yaml', 'nowhere.yaml'),
  linked('a folder outside', 'features/more', '../../outside'),
  linked('its own folder', 'features/more', '.'),
  linked('the root', 'models/more', '/'),
  linked('platform.yaml outside', 'platform.yaml', '../outside/platform.yaml'),
  linked('all policies outside', 'policies', '../outside'),
  linked('Python outside', 'models/churn/train.py', '../../../outside/train.py'),
  linked('Python without end', 'models/churn/train.py', '/dev/zero'),
  linked('a lock outside', 'models/churn/requirements.lock', '../../../outside/requirements.lock'),
  linked('generated/ outside', 'generated', '../outside', 2),
  linked('generated/ nowhere', 'generated', '../outside/nowhere', 2),
  linked('generated/common outside', 'generated/common', '../../outside', 2),
  linked('a generated file outside', 'generated/manifest.json', '../../outside/manifest.json', 2),
  linked('a list of generated files outside', 'generated/.manifest', '../../outside', 2),
  linked('the lock outside', '.generated.lock', '../outside', 2),
  linked('the lock nowhere', '.generated.lock', '../outside/nowhere', 2),
  {
    name: 'the folders of the writer are links out of the repository',
    put(ground) {
      for (const each of ['.generated.new', '.generated.old', '.mlops']) link(ground, each, '../outside');
    },
    validate: 0,
  },
  {
    name: 'features/ is a link, with what fix would mend behind it',
    put(ground) {
      misspell(join(ground.outside, 'features'), ground);
      rmSync(join(ground.root, 'features'), { recursive: true });
      link(ground, 'features', '../outside/features');
    },
    validate: 1,
  },
  {
    name: 'a spec that fix mends is a hard link to a file outside',
    put({ root, outside }) {
      writeFileSync(
        join(outside, 'hard.yaml'),
        'kind: FeatureVeiw\nentity: customer\nttl: 7d\nbatch: {timestamp: at}\n',
      );
      linkSync(join(outside, 'hard.yaml'), join(root, 'features/hard.yaml'));
    },
    validate: 1,
    mends: ['features/hard.yaml'],
  },
  {
    name: 'generated files are hard links to files outside',
    put({ root, outside }) {
      mkdirSync(join(root, 'generated/common/mlflow'), { recursive: true });
      linkSync(join(outside, 'manifest.json'), join(root, 'generated/manifest.json'));
      linkSync(join(outside, 'train.py'), join(root, 'generated/common/mlflow/churn.json'));
    },
    validate: 0,
  },
  {
    name: 'the manifest claims files outside',
    put: (ground) =>
      write(
        ground,
        'generated/manifest.json',
        JSON.stringify({
          format: 1,
          files: ['../../outside/train.py', '/etc/passwd', '../platform.yaml', '__proto__'].map((path) => ({ path })),
        }),
      ),
    validate: 0,
  },
  {
    name: 'a list of generated files claims files outside',
    put: (ground) =>
      write(
        ground,
        'generated/.manifest/shared.json',
        JSON.stringify({ format: 2, files: ['../../outside/train.py', '/etc/passwd', '../platform.yaml', null, {}] }),
      ),
    validate: 0,
  },
  {
    name: 'tickets of others in the lock: of the first process, the last number, a folder',
    put(ground) {
      for (const each of ['000000000001-1', 'choosing-1', '999999999999-2', '000000000002-4194303'])
        write(ground, `.generated.lock/${each}`, '');
      write(ground, '.generated.lock/000000000000-4194302/inside', '');
      symlinkSync('/dev/zero', join(ground.root, '.generated.lock/000000000003-4194301'));
    },
    validate: 0,
  },
  made('a pipe', 'features/more.yaml', pipe, REFUSED),
  made('a pipe', 'platform.yaml', pipe, REFUSED),
  made('a pipe', 'models/churn/train.py', pipe, REFUSED),
  made('a pipe', 'models/churn/requirements.lock', pipe, REFUSED),
  made('a pipe', 'policies', pipe, REFUSED),
  made('a pipe', 'generated', pipe, NOT_WRITTEN),
  made('a pipe', 'generated/manifest.json', pipe, NOT_WRITTEN),
  made('a pipe', 'generated/.manifest/shared.json', pipe, NOT_WRITTEN),
  made('a pipe', '.generated.lock', pipe, NOT_WRITTEN),
  made('a socket', 'features/more.yaml', socket, REFUSED),
  made('a folder', 'features/more.yaml', (path) => mkdirSync(path), { validate: 0 }),
  made('a folder', 'generated/manifest.json', (path) => mkdirSync(join(path, 'full'), { recursive: true }), {
    validate: 0,
  }),
  made('a file', 'generated', (path) => writeFileSync(path, ''), NOT_WRITTEN),
  made('a file', '.generated.lock', (path) => writeFileSync(path, ''), NOT_WRITTEN),
  made('a file', '.generated.new', (path) => writeFileSync(path, ''), { validate: 0 }),
  {
    name: 'platform.yaml is two files',
    put({ root }) {
      renameSync(join(root, 'platform.yaml'), join(root, 'platform.yml'));
      symlinkSync('platform.yml', join(root, 'platform.yaml'));
    },
    validate: 1,
  },
];
