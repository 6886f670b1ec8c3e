/** Specs that want to be heard, and files and names that want to be elsewhere. */
import type { GitRepository } from '../../../compiler/test/git-repository.ts';
import { BROKEN, entry, type Fork, LOUD, MORE, PLANNED, put, shell } from './fork.ts';

const VIEW = (words: string): string => `kind: FeatureView
description: ${JSON.stringify(words)}
entity: store
ttl: 3d
batch: {timestamp: observed_at, created: ingested_at}
features:
  orders_3h: {type: int64, window: 3h, min: 0, description: ${JSON.stringify(words)}}
  mean_minutes_24h: {type: float64, unit: min, window: 24h}
`;
const FEATURES = 'features/store_deliveries.yaml';

const link =
  (path: string, target: string): Fork['make'] =>
  (fork) => {
    if (!path.includes('.')) fork.git('rm', '-rq', '--cached', '--ignore-unmatch', path);
    entry(fork, '120000', path, target);
  };

export const specs: Fork[] = [
  {
    name: 'a description that calls people and closes what it stands in',
    always: true,
    make: put(FEATURES, () => VIEW(LOUD)),
    says: PLANNED,
  },
  { name: 'a description of fences, cells and commands', make: put(FEATURES, () => VIEW(MORE)), says: PLANNED },
  {
    name: 'a description of lines and control characters',
    make: put(FEATURES, () => VIEW('a\n\n# b\n\n::error::c\u001b[31m\u202e')),
    says: PLANNED,
  },
  {
    name: 'a key that is an attack',
    always: true,
    make: put(FEATURES, () => `${VIEW('x')}${JSON.stringify(LOUD)}: 1\n`),
    says: BROKEN,
  },
  {
    name: 'a name that is an attack',
    make: put('features/x.yaml', () =>
      VIEW('x').replace('entity: store', `name: ${JSON.stringify(MORE)}\nentity: store`),
    ),
    says: BROKEN,
  },
  {
    name: 'a reference that is an attack',
    make: put(FEATURES, () => VIEW('x').replace('store', JSON.stringify(LOUD))),
    says: BROKEN,
  },
  { name: 'YAML that is none', make: put(FEATURES, () => `${LOUD}: [\n`), says: BROKEN },
  { name: 'YAML ten thousand deep', make: put(FEATURES, () => '['.repeat(10_000)), says: BROKEN },
  { name: 'a spec of two megabytes', make: put(FEATURES, () => `# ${'x'.repeat(2_000_000)}`), says: BROKEN },
  {
    name: 'a tag that makes objects',
    make: put(FEATURES, (file) => `kind: !!js/function "require('fs').writeFileSync('${file}','')"\n`),
    says: BROKEN,
  },
  {
    name: 'an alert whose expression is an attack',
    make: put(
      'monitoring/x.yaml',
      () =>
        `kind: Monitoring\nalerts:\n  loud: {expr: ${JSON.stringify(LOUD)}, for: 5m, severity: ticket, ` +
        `summary: ${JSON.stringify(MORE)}}\n`,
    ),
    says: BROKEN,
  },
  {
    name: 'a rule in CEL without end',
    make: put(
      'policies/x.yaml',
      () =>
        'kind: Policy\nrules:\n  slow: {on: FeatureView, ' +
        'require: \'"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")\', message: "@octocat"}\n',
    ),
    says: BROKEN,
  },
  {
    name: 'secrets looked for elsewhere',
    make: (fork) =>
      fork.write([
        [
          'platform.yaml',
          'kind: Platform\nformat: 1\nname: shop\ndefaults: {owner: shop}\nowners: {shop: {email: a@example.com}}\n' +
            'environments:\n  local: {runtime: process, stores: embedded, ' +
            'secrets: {provider: file, dir: ../../../../etc}}\n',
        ],
      ]),
    says: BROKEN,
  },
  { name: 'no platform any more', make: (fork) => void fork.git('rm', '-q', 'platform.yaml'), says: BROKEN },
];

export const files: Fork[] = [
  ...[
    ['that calls somebody', '@octocat <img src=x>.yaml'],
    ['of two lines', 'a\n::error::pwned.yaml'],
    ['of cells and code', 'a|b`c`.yaml'],
    ['of escapes', 'a\u001b[31m\u202e.yaml'],
    ['that is a command', '$(touch canary);`touch canary`.yaml'],
    ['that is an option', '--upload-pack=touch canary.yaml'],
  ].map(([what = '', file = '']) => ({
    name: `a file name ${what}`,
    make: (fork: GitRepository) => entry(fork, '100644', `features/${file}`, 'kind: FeatureView\nttl: 7 days\n'),
    says: BROKEN,
  })),
  { name: 'a file above the repository', make: (fork) => above(fork), says: PLANNED },
  { name: "files in git's own folder", make: (fork, canary) => inGit(fork, canary), says: PLANNED, always: true },
  { name: 'features that lead out', make: link('features', '/etc'), says: BROKEN },
  {
    name: 'a spec that is the environment of the process',
    always: true,
    make: link('features/env.yaml', '/proc/self/environ'),
    says: BROKEN,
  },
  { name: 'a spec that is the token of git', make: link('features/config.yaml', '../.git/config'), says: BROKEN },
  { name: 'generated that leads out', make: link('generated', '/tmp'), says: PLANNED },
];

/** Written by its object, as git's own commands refuse to. */
function tree(fork: GitRepository, lines: string): void {
  const commit = fork.feed('', 'rev-parse', 'HEAD^{tree}');
  const listing = fork.git('ls-tree', commit);
  const id = fork.feed(`${listing}\n${lines}\n`, 'mktree');
  const made = fork.feed('odd', 'commit-tree', id, '-p', 'HEAD');
  fork.git('update-ref', 'refs/heads/odd', made);
}
function above(fork: GitRepository): void {
  const blob = fork.feed('kind: FeatureView\n', 'hash-object', '-w', '--stdin');
  tree(fork, `040000 tree ${fork.feed(`100644 blob ${blob}\tescaped.yaml\n`, 'mktree')}\t..`);
}
function inGit(fork: GitRepository, canary: string): void {
  const blob = fork.feed(shell(canary), 'hash-object', '-w', '--stdin');
  tree(fork, `040000 tree ${fork.feed(`100755 blob ${blob}\tpost-checkout\n`, 'mktree')}\t.GIT`);
}
