/** The arrows of the design, enforced: data goes left to right, and only the ends touch the outside. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findCycles } from '../link/cycles.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The house from the ground up: each room, with the rooms below it that it may import from. */
const HOUSE: Record<string, string[]> = {
  product: [],
  diagnostics: [],
  render: [],
  ir: [],
  diff: [],
  source: ['product', 'diagnostics'],
  'spec-schema': ['diagnostics', 'source'],
  credentials: ['diagnostics', 'source', 'spec-schema'],
  link: ['diagnostics', 'diff', 'source', 'spec-schema', 'ir'],
  resolve: ['diagnostics', 'source', 'spec-schema', 'ir', 'link'],
  checks: ['diagnostics', 'source', 'spec-schema', 'credentials', 'ir', 'link', 'resolve'],
  lower: ['diagnostics', 'source', 'spec-schema', 'ir', 'link', 'resolve'],
  clients: ['diagnostics'],
  init: ['diagnostics'],
  operate: ['product', 'diagnostics', 'clients'],
  tools: ['diagnostics', 'render', 'ir', 'diff', 'checks/check.ts', 'clients'],
  hosts: ['product', 'diagnostics', 'render', 'ir', 'tools'],
  plan: ['diagnostics', 'ir', 'diff', 'link', 'tools'],
  review: ['diagnostics', 'plan', 'tools/change-rule.ts'],
  lineage: ['diagnostics', 'ir', 'plan', 'review/text.ts'],
  write: ['diagnostics', 'render/artifact.ts', 'operate/machine/flush.ts'],
  'catalog.ts': ['diagnostics', 'source', 'spec-schema', 'credentials', 'link', 'checks', 'tools'],
  'compile.ts': [
    'diagnostics',
    'diff',
    'source',
    'spec-schema',
    'credentials',
    'link',
    'resolve',
    'checks',
    'catalog.ts',
    'ir',
    'lower',
    'tools',
    'hosts',
    'render/artifact.ts',
  ],
  'mend.ts': ['diagnostics', 'source', 'compile.ts'],
  create: ['diagnostics', 'source', 'spec-schema', 'link', 'resolve', 'ir', 'compile.ts'],
  'write-back': ['diagnostics', 'diff', 'source', 'spec-schema', 'render/artifact.ts', 'compile.ts'],
  release: ['product', 'diagnostics', 'diff', 'source', 'tools', 'operate', 'clients'],
  backup: ['product', 'diagnostics', 'operate'],
  support: ['product', 'diagnostics', 'source', 'credentials', 'operate', 'release'],
  editor: ['diagnostics', 'source', 'spec-schema', 'link', 'compile.ts', 'mend.ts'],
  migrate: ['diagnostics', 'source', 'spec-schema'],
  commands: [
    'migrate',
    'link',
    'spec-schema',
    'render/artifact.ts',
    'product',
    'diagnostics',
    'catalog.ts',
    'source',
    'write',
    'init',
    'create',
    'resolve/cron',
    'operate',
    'hosts',
    'release',
    'backup',
    'support',
    'write-back',
    'clients',
    'ir',
    'tools/change-rule.ts',
    'plan',
    'review',
    'lineage',
    'compile.ts',
    'mend.ts',
    'editor',
  ],
  'cli.ts': ['product', 'commands', 'diagnostics', 'write'],
};

/** The floors of `operate`, from the ground up. */
const OPERATE = [
  'workspace.ts',
  'machine',
  'releases.ts',
  'kept-apis.ts',
  'canary.ts',
  'secrets.ts',
  'progress.ts',
  'python',
  'supervisor',
  'containers',
  'leftovers.ts',
  'pipelines',
  'up.ts',
  'interrupt.ts',
];

const METRICS = 'runtime/mlops_runtime/metrics.json';

/** Rooms that may read or write files, start processes or use the network. */
const OUTSIDE = new Set([
  'product',
  'init',
  'editor',
  'operate',
  'release',
  'backup',
  'support',
  'clients',
  'commands',
  'write',
  'cli.ts',
]);
/** A target's live side talks to the running tool; it counts as release. */
const isLive = (path: string): boolean => /^tools\/([^/]+\/)?live\.ts$/.test(path);
const OUTSIDE_MODULES =
  /^(node:)?(fs|fs\/promises|net|http|https|child_process|dgram|tls|worker_threads|simple-git|jenkins|@octokit\/.*)$/;
/** Of the specs, in the work tree or a commit, and of templates; nothing else before `write` reads. */
const READERS = new Set(['source/read.ts', 'source/git.ts', 'render/template.ts']);

const typescriptOf = (folder: string): string[] =>
  (readdirSync(join(ROOT, folder), { recursive: true }) as string[])
    .map((path) => `${folder}/${path.split('\\').join('/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort();

const everything = ['compiler', 'scripts', 'test'].flatMap(typescriptOf);

/** Paths from the repository's root for what is ours, names for packages; type imports included. */
const importsOf = (path: string): string[] =>
  [
    ...readFileSync(join(ROOT, path), 'utf8').matchAll(
      /(?:^|\n)(?:import|export)[^'";]*?from '([^']+)'|(?:^|\n)import '([^']+)'|import\('([^']+)'\)/g,
    ),
  ]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .map((each) => (each.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), each)) : each));

const imports = new Map(everything.map((path) => [path, importsOf(path)]));

/** Of the compiler, without its tests, by their paths within it. */
const files = everything
  .filter((path) => path.startsWith('compiler/') && !path.endsWith('.test.ts'))
  .filter((path) => !/^compiler\/test\/|\/(golden|generated)\//.test(path))
  .map((path) => path.slice('compiler/'.length));

const within = (path: string): string[] =>
  (imports.get(`compiler/${path}`) ?? []).flatMap((each) =>
    each.startsWith('compiler/') ? [each.slice('compiler/'.length)] : [],
  );

const roomOf = (path: string): string => path.split('/')[0] ?? path;

test('each room imports only what its line allows', () => {
  const wrong: string[] = [];
  for (const path of files) {
    const room = roomOf(path);
    const allowed = HOUSE[room];
    assert.ok(allowed, `${path} stands in no room of the design`);
    for (const target of within(path))
      if (roomOf(target) !== room && !allowed.some((each) => target === each || target.startsWith(`${each}/`)))
        wrong.push(`${path} imports ${target}`);
  }
  assert.equal(wrong, []);
});

test('the contract imports nothing but itself and the metrics that it shares with the runtime', () => {
  const outside = [...imports]
    .filter(([path]) => path.startsWith('compiler/ir/') && !path.endsWith('.test.ts'))
    .flatMap(([, targets]) => targets.filter((each) => !each.startsWith('compiler/ir/')));
  assert.equal(outside, [METRICS]);
});

test('rooms import only rooms below them, so there is no cycle by room', () => {
  const order = Object.keys(HOUSE);
  const upward = order.flatMap((room) =>
    (HOUSE[room] ?? [])
      .filter((below) => order.indexOf(roomOf(below)) >= order.indexOf(room))
      .map((below) => `${room} imports ${below}`),
  );
  assert.equal(upward, []);
});

test('operate is built in floors, too: what is known of the machine knows nothing of the supervisor', () => {
  const floorOf = (path: string): number => OPERATE.indexOf(path.split('/')[1] ?? '');
  const ours = files.filter((path) => path.startsWith('operate/'));
  assert.equal(
    ours.filter((path) => floorOf(path) === -1),
    [],
  );
  const upward = ours.flatMap((path) =>
    within(path)
      .filter((each) => each.startsWith('operate/') && floorOf(each) > floorOf(path))
      .map((each) => `${path} imports ${each}`),
  );
  assert.equal(upward, []);
});

test('no file imports itself through others, type imports included', () => {
  const ours = new Map([...imports].map(([path, targets]) => [path, targets.filter((each) => imports.has(each))]));
  assert.ok([...ours.values()].flat().length > 500, 'the imports are read');
  assert.equal(
    findCycles(ours).map((cycle) => cycle.join(' → ')),
    [],
  );
});

test('nothing before write touches files, processes or the network, bar the reader of specs', () => {
  const wrong = files
    .filter((path) => !OUTSIDE.has(roomOf(path)) && !READERS.has(path) && !isLive(path))
    .flatMap((path) =>
      (imports.get(`compiler/${path}`) ?? [])
        .filter((each) => OUTSIDE_MODULES.test(each))
        .map((each) => `${path} imports ${each}`),
    );
  assert.equal(wrong, []);
});

const foldersOf = (room: string): string[] =>
  readdirSync(join(ROOT, room), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

test('a host is one folder and one line of the registry', () => {
  const registry = readFileSync(join(ROOT, 'compiler/hosts/registry.ts'), 'utf8');
  for (const host of foldersOf('compiler/hosts')) assert.is(registry.split(`'./${host}/emit.ts'`).length, 2, host);
});

test('a tool is one folder and one line of the registry, and no tool knows another', () => {
  const registry = readFileSync(join(ROOT, 'compiler/tools/registry.ts'), 'utf8');
  for (const tool of foldersOf('compiler/tools')) assert.is(registry.split(`'./${tool}/tool.ts'`).length, 2, tool);
  // What tools share stands on their floor.
  const folderOf = (path: string) => /^tools\/([^/]+)\//.exec(path)?.[1];
  const crossing = files.filter(folderOf).flatMap((path) =>
    within(path)
      .filter((each) => each === 'tools/registry.ts' || (folderOf(each) ?? folderOf(path)) !== folderOf(path))
      .map((each) => `${path} imports ${each}`),
  );
  assert.equal(crossing, []);
});

test('a check is one file and one line of the registry', () => {
  const registry = readFileSync(join(ROOT, 'compiler/checks/registry.ts'), 'utf8');
  const others = ['registry.ts', 'check.ts'];
  const checks = readdirSync(join(ROOT, 'compiler/checks')).filter((name) => !others.includes(name));
  for (const check of checks) assert.is(registry.split(`'./${check}'`).length, 2, check);
});

test('no line of TypeScript is longer than 120 columns', () => {
  const sources = ['compiler', 'scripts', 'test', 'bin'].flatMap((folder) =>
    (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).map((path) => `${folder}/${path}`),
  );
  const long = sources
    .filter((path) => /\.[tj]s$/.test(path) && !/\/(generated|platforms)\//.test(path))
    .flatMap((path) =>
      readFileSync(join(ROOT, path), 'utf8')
        .split('\n')
        .flatMap((line, index) => (line.length > 120 ? [`${path}:${index + 1}`] : [])),
    );
  assert.equal(long, []);
});

test.run();
