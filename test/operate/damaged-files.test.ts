/**
 * Every file that we keep below `.mlops/`, damaged in every way that a disk, a crash or a person damages one: each verb
 * leaves with a sentence at most, what runs goes on, and is known.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPythonReady, sitePackages } from '../../compiler/operate/python/environment.ts';
import { isHealthy } from '../../compiler/operate/supervisor/health.ts';
import { assertSaid, call, DAMAGES, damage, damagesOf, FOLDER, furnish, pids, platform } from './damage.ts';
import { eventually, runningIn, type Sandbox, server, withSandbox } from './sandbox.ts';

type VerbName = 'status' | 'logs' | 'run' | 'clean' | 'deploy' | 'up';

interface Known {
  /** Below `.mlops/`. */
  file: RegExp;
  /** Where it is not there while nothing is done, or only after a further start: what to damage in any case. */
  also?: string[];
  /** Verbs that must tell of it: what they say, and how they leave. */
  told?: { by: VerbName[]; says: RegExp; exits: number[] };
  /** Damages after which it is another value, as if that had been set. */
  another?: string[];
  /** Whose data it is, where it is none of our files. */
  of?: string;
}

const REBUILT = 'isPythonReady, below';
const begunAgain = { by: ['deploy', 'up'] as VerbName[], says: /is damaged, and begun again\..*kept as/, exits: [0] };
const lost = {
  by: ['deploy', 'up'] as VerbName[],
  says: /is (empty|damaged).*Restore it from a backup/,
  exits: [1, 2],
};

const LOCK = 'models/requirements.lock';

/** A new file of ours belongs here, with what is said where it is damaged. */
const KNOWN: Record<string, Known> = {
  'what the supervisor knows': { file: /^local\/run\/supervisor\.json$/ },
  'the lock of a start': { file: /^local\/run\/lock$/, also: ['local/run/lock'] },
  'secrets on their way': { file: /^local\/run\/given-secrets\.json$/, also: ['local/run/given-secrets.json'] },
  'whether a release is tried': { file: /^local\/run\/canary\.json$/, also: ['local/run/canary.json'] },
  deployments: { file: /^local\/deployments\.json$/, told: begunAgain },
  // Nothing that is not known to be ours is deleted, and each deploy adds what it asks for.
  'what was asked for': { file: /^local\/asked-for\.json$/ },
  champions: { file: /^local\/champions\.json$/, told: begunAgain },
  // A line that is none is skipped, and what is added begins a line.
  ledger: { file: /^local\/ledger\.jsonl$/ },
  'a release, which releases.test.ts damages': {
    file: /^local\/releases\/([0-9a-f]{12}(\.damaged)?\/|current$)/,
    of: 'makeRelease',
  },
  logs: { file: /^local\/logs\/[\w-]+\.log(\.1)?$/, also: ['local/logs/step.log.1', 'local/logs/mlflow.log.1'] },
  'a secret that was made': { file: /^local\/secrets\/key$/, told: lost },
  'the key of digests': { file: /^local\/secrets\/digests$/, told: lost },
  'a secret that was set': {
    file: /^local\/kept-secrets\/MLOPS_SECRET_\w+$/,
    told: { by: ['deploy', 'up'], says: /is damaged: it holds no text.*mlops secrets set/, exits: [1, 2] },
    another: ['cut', 'other JSON'],
  },
  'what was damaged, kept aside': { file: /\.damaged$/ },
  'an environment’s mark': { file: /^local\/envs\/\w+\/mlops-environment\.json$/, of: REBUILT },
  'an environment’s paths': { file: /^local\/envs\/\w+\/lib\/.*\/mlops_platform\.pth$/, of: REBUILT },
  'an environment': { file: /^local\/envs\/\w+\//, of: 'Python' },
};

const knownOf = (path: string): string | undefined => Object.keys(KNOWN).find((name) => KNOWN[name]?.file.test(path));

function filesBelow({ workspace }: Sandbox): string[] {
  const folder = join(workspace.root, '.mlops');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

function assertAllKnown(sandbox: Sandbox): void {
  for (const path of filesBelow(sandbox))
    assert.ok(
      knownOf(path),
      `.mlops/${path} is written, and no test damages it: add it to KNOWN in test/operate/damaged-files.test.ts, ` +
        'with what each verb says then.',
    );
}

/** On a healthy platform. The environment has no Airflow, which `run` says once it knows that the platform runs. */
const VERBS: [name: VerbName, words: string[], exit: number, says: RegExp][] = [
  ['status', ['status'], 0, /mlflow +healthy/],
  ['logs', ['logs', '--lines', '3'], 0, /mlflow {2}\(/],
  ['run', ['run', 'flights'], 2, /has no Airflow/],
  ['clean', ['clean', '--yes', '--data'], 0, /'local' runs: nothing of it is touched/],
  ['deploy', ['deploy'], 0, /Deploying to mlflow/],
  ['up', ['up'], 0, /local is running already/],
];

/** The files of each kind, and for each what it held. */
function kinds(sandbox: Sandbox): [name: string, known: Known, whole: Map<string, Buffer>][] {
  const found = filesBelow(sandbox);
  return Object.entries(KNOWN).flatMap(([name, known]) => {
    if (known.of !== undefined) return [];
    const paths = [...new Set([...found.filter((path) => knownOf(path) === name), ...(known.also ?? [])])];
    const whole = paths.map((path): [string, Buffer] => [
      join(sandbox.workspace.root, '.mlops', path),
      found.includes(path) ? readFileSync(join(sandbox.workspace.root, '.mlops', path)) : Buffer.from('{"pid": 1}'),
    ]);
    return whole.length > 0 ? [[name, known, new Map(whole)]] : [];
  });
}

test(
  'while the platform runs: each verb does its work or says what is damaged, and every process goes on',
  withSandbox(platform(15327), async (sandbox) => {
    furnish(sandbox, LOCK);
    assertSaid(await call(sandbox, 'up'), [0], /1 healthy/, 'up');
    assertAllKnown(sandbox);
    const missing = Object.keys(KNOWN).filter((name) => !filesBelow(sandbox).some((path) => knownOf(path) === name));
    assert.equal(
      missing.filter((name) => !KNOWN[name]?.also),
      ['what was damaged, kept aside'],
    );
    const before = pids(sandbox);
    let count = 0;
    for (const [kind, { told, another }, whole] of kinds(sandbox)) {
      for (const name of DAMAGES.filter((each) => !another?.includes(each))) {
        for (const [verb, words, exit, says] of VERBS) {
          for (const [path, content] of whole) damage(path, damagesOf(content)[name] ?? '');
          const about = `${kind}, ${name}, ${verb}`;
          const said = await call(sandbox, ...words);
          if (told?.by.includes(verb)) {
            assertSaid(said, told.exits, told.says, about);
            assert.ok(
              [...whole.keys()].some((path) => said.text.includes(path)),
              `${about}: ${said.text}`,
            );
          } else assertSaid(said, [exit], says, about);
          assert.equal(pids(sandbox), before, about);
          count += 1;
        }
      }
      assertAllKnown(sandbox);
      for (const [path, content] of whole) damage(path, content);
    }
    console.log(`figure: ${count} calls on damaged files, and the same processes before and after each`);
  }),
);

test(
  'down and up with all of them damaged: nothing is left running, and everything is healthy again',
  withSandbox(platform(15326), async (sandbox) => {
    furnish(sandbox);
    assertSaid(await call(sandbox, 'up'), [0], /1 healthy/, 'up');
    for (const name of DAMAGES) {
      for (const [, { told }, whole] of kinds(sandbox))
        if (!told || told.exits.includes(0))
          for (const [path, content] of whole) damage(path, damagesOf(content)[name] ?? '');
      assertSaid(await call(sandbox, 'down'), [0], /^Stopped 'local': \d+ process(es)?/, `${name}, down`);
      assert.equal(pids(sandbox), [], name);
      assertSaid(await call(sandbox, 'up'), [0], /1 healthy/, `${name}, up`);
      assertSaid(await call(sandbox, 'status'), [0], /mlflow +healthy/, `${name}, status`);
      assertAllKnown(sandbox);
    }
  }),
);

test(
  'an environment of Python with a damaged mark, or damaged paths, is none, and is made again',
  withSandbox(platform(15308), async (sandbox) => {
    furnish(sandbox, LOCK);
    const { root, state } = sandbox.workspace;
    assertSaid(await call(sandbox, 'up'), [0], /1 healthy/, 'up');
    assertSaid(await call(sandbox, 'down'), [0], /^Stopped/, 'down');
    const marks = (environment: string) => [
      join(environment, 'mlops-environment.json'),
      join(sitePackages(environment), 'mlops_platform.pth'),
    ];
    for (const file of marks(join(root, '.venv'))) {
      const whole = readFileSync(file);
      for (const name of DAMAGES) {
        damage(file, damagesOf(whole)[name] ?? '');
        assert.not.ok(isPythonReady(sandbox.workspace), `${file}, ${name}`);
      }
      damage(file, whole);
      assert.ok(isPythonReady(sandbox.workspace));
    }
    const [overlay = ''] = readdirSync(join(state, 'envs'));
    const whole = marks(join(state, 'envs', overlay)).map((file): [string, Buffer] => [file, readFileSync(file)]);
    for (const [file] of whole) damage(file, FOLDER);
    assertSaid(await call(sandbox, 'up'), [0], /1 healthy/, 'up');
    for (const [file, content] of whole) assert.equal(readFileSync(file), content);
  }),
);

test(
  'without a supervisor, and without a record of what served, deploy refuses and leaves all as it is; up adopts it',
  withSandbox(platform(15318), async (sandbox) => {
    furnish(sandbox);
    assertSaid(await call(sandbox, 'up'), [0], /1 healthy/, 'up');
    const { state } = sandbox.workspace;
    process.kill(runningIn(sandbox).find(({ unit }) => unit === 'supervisor')?.pid ?? 0, 'SIGKILL');
    await eventually('it has ended', () => runningIn(sandbox).every(({ unit }) => unit !== 'supervisor'));
    const before = pids(sandbox);
    for (const name of DAMAGES) {
      damage(join(state, 'champions.json'), damagesOf(Buffer.from('{"champions": {}}'))[name] ?? '');
      const deploy = await call(sandbox, 'deploy');
      assertSaid(deploy, [2], /champions\.json is damaged.*nothing was deployed.*mlops up/, `${name}, deploy`);
      assert.equal(pids(sandbox), before, name);
    }
    assertSaid(await call(sandbox, 'up'), [0], /1 of which ran already/, 'up');
    assert.equal(
      pids(sandbox).filter((each) => each.startsWith('mlflow')),
      before,
    );
  }),
);

test(
  'a supervisor that cannot write its record goes on: status says so, up says what is in the way, and down ends it all',
  withSandbox(platform(15319), async (sandbox) => {
    furnish(sandbox);
    assertSaid(await call(sandbox, 'up'), [0], /1 healthy/, 'up');
    const { run } = sandbox.workspace;
    damage(run, 'no folder');
    const before = pids(sandbox);
    assertSaid(await call(sandbox, 'status'), [1], /supervisor\.json is damaged or missing, and the sup/, 'status');
    assertSaid(await call(sandbox, 'up'), [2], new RegExp(`${run} is no folder, and one belongs there`), 'up');
    assert.equal(pids(sandbox), before);
    rmSync(run);
    assertSaid(await call(sandbox, 'status'), [0], /mlflow +healthy/, 'status');
    damage(run, 'no folder');
    assertSaid(await call(sandbox, 'down'), [0], /^Stopped 'local'/, 'down');
    assert.equal(pids(sandbox), []);
  }),
);

/** Shows no mark, as another user's process does, where PostgreSQL runs as one. */
async function unmarkedServer(port: number, cwd: string): Promise<ChildProcess> {
  const [program = '', ...args] = server(port);
  const child = spawn('env', ['-i', program, ...args], { cwd, stdio: 'ignore', detached: true });
  await eventually('it answers', () => isHealthy(`http://127.0.0.1:${port}`));
  return child;
}

test(
  'without record, supervisor and marks a process is known by its port and its folder, and another’s is left alone',
  withSandbox(
    {
      processes: [
        { name: 'postgres', command: server(15333), port: 15333 },
        { name: 'web', command: server(15334), port: 15334 },
      ],
    },
    async (sandbox) => {
      const { run, state } = sandbox.workspace;
      damage(join(run, 'supervisor.json'), '{"units": [');
      const own = await unmarkedServer(15333, state);
      const foreign = await unmarkedServer(15334, tmpdir());
      try {
        const status = await call(sandbox, 'status');
        assertSaid(status, [1], new RegExp(`postgres +running +${own.pid}`), 'status');
        assert.not.match(status.text, 'web');
        assertSaid(await call(sandbox, 'clean', '--yes', '--data'), [0], /'local' runs/, 'clean');
        assertSaid(await call(sandbox, 'down'), [0], /^Stopped 'local': 1 process\./, 'down');
        assert.not.ok(await isHealthy('http://127.0.0.1:15333'));
        assert.ok(await isHealthy('http://127.0.0.1:15334'));
      } finally {
        for (const child of [own, foreign]) child.kill('SIGKILL');
      }
    },
  ),
);

test.run();
