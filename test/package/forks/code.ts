/** Code, settings of programs, and commits that want to be run. */
import { BROKEN, entry, type Fork, LOUD, PLANNED, put, shell } from './fork.ts';

const ORDERS = 'pipelines/orders/orders.py';
const python = (canary: string): string => `open(${JSON.stringify(canary)}, "w").write("ran")\n`;
const node = (canary: string): string =>
  `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(canary)}, '');\n`;

export const code: Fork[] = [
  {
    name: 'Python that runs when it is imported',
    make: put(
      ORDERS,
      (file) => `${python(file)}def load():\n    pass\n\n\ndef store_deliveries(orders):\n    return orders\n`,
    ),
    says: PLANNED,
  },
  { name: 'Python that is none', make: put(ORDERS, (file) => `def (${LOUD}\n${python(file)}`), says: BROKEN },
  {
    name: 'Python that every Python loads',
    make: (fork, file) =>
      fork.write(
        ['sitecustomize.py', 'usercustomize.py', 'conftest.py', 'pipelines/orders/conftest.py'].map((path) => [
          path,
          python(file),
        ]),
      ),
    says: PLANNED,
  },
  {
    name: 'a tsconfig.json that exchanges imports',
    make: (fork, file) =>
      fork.write([
        ['tsconfig.json', '{"compilerOptions": {"paths": {"yaml": ["./pwn.ts"], "*": ["./pwn.ts"]}}}'],
        ['pwn.ts', node(file)],
      ]),
    says: PLANNED,
  },
  {
    name: 'scripts of package.json',
    make: put('package.json', (file) =>
      JSON.stringify({
        scripts: Object.fromEntries(
          ['preinstall', 'postinstall', 'prepare', 'premlops', 'mlops'].map((each) => [
            each,
            // What npm appends is a comment.
            `touch '${file}'; env > '${file}.env' #`,
          ]),
        ),
      }),
    ),
    says: PLANNED,
  },
  {
    name: 'an .npmrc with a shell of its own',
    make: (fork, file) =>
      fork.write([
        ['.npmrc', 'script-shell=./evil.sh\nignore-scripts=false\nregistry=http://127.0.0.1:9/\n'],
        ['evil.sh', shell(file)],
      ]),
    says: PLANNED,
  },
  {
    name: 'a lock file with other packages',
    make: put(
      'package-lock.json',
      () => '{"lockfileVersion": 3, "packages": {"node_modules/yaml": {"resolved": "http://127.0.0.1:9/evil.tgz"}}}',
    ),
    says: PLANNED,
  },
  {
    name: 'node_modules that are committed',
    make: (fork, file) =>
      fork.write([
        ['node_modules/mlops-compiler/bin/mlops.js', node(file)],
        ['node_modules/.bin/mlops', shell(file)],
        ['node_modules/yaml/index.js', node(file)],
      ]),
    says: PLANNED,
  },
  {
    name: 'programs called like ours',
    make: (fork, file) =>
      fork.write(['git', 'node', 'npm', 'mlops', 'bin/mlops.js', 'base64'].map((path) => [path, shell(file)])),
    says: PLANNED,
  },
  {
    name: 'settings in .env',
    make: (fork, file) =>
      fork.write([['.env', `NODE_OPTIONS=--import=${file}.mjs\nGITHUB_API_URL=https://evil.example\n`]]),
    says: PLANNED,
  },
  {
    name: 'an edited workflow',
    make: put(
      '.github/workflows/review.yaml',
      (file) => `on: workflow_run\njobs: {a: {steps: [{run: "touch ${file}"}]}}\n`,
    ),
    says: PLANNED,
  },
  {
    name: 'an action of its own',
    make: put(
      '.github/actions/x/action.yaml',
      (file) => `runs: {using: composite, steps: [{run: "touch ${file}", shell: bash}]}\n`,
    ),
    says: PLANNED,
  },
];

export const commits: Fork[] = [
  {
    name: 'attributes with a filter',
    always: true,
    // As entries: the fork's own git would stumble over them.
    make: (fork, file) => {
      const all = '* filter=evil diff=evil merge=evil text=auto working-tree-encoding=UTF-16\n';
      entry(fork, '100644', '.gitattributes', all);
      entry(fork, '100644', '.gitconfig', `[filter "evil"]\n\tsmudge = touch ${file}\n`);
    },
    says: PLANNED,
  },
  {
    name: 'hooks',
    make: (fork, file) =>
      fork.write(
        ['.githooks/post-checkout', '.githooks/reference-transaction', 'hooks/post-merge'].map((path) => [
          path,
          shell(file),
        ]),
      ),
    says: PLANNED,
  },
  {
    name: 'a submodule that is a command',
    make: (fork, file) => {
      fork.write([
        [
          '.gitmodules',
          `[submodule "x"]\n\tpath = features/x\n\turl = ext::sh -c touch% ${file}\n\tupdate = checkout\n`,
        ],
      ]);
      fork.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},features/x`);
    },
    says: BROKEN,
  },
  {
    name: 'a branch that is a command',
    make: put('README.md', () => 'x'),
    branch: ['$(touch$', '{IFS}canary);`id`'].join(''),
    says: PLANNED,
  },
  {
    name: 'a branch that calls somebody',
    make: put('README.md', () => LOUD),
    branch: '@octocat/<b>|#1',
    says: PLANNED,
  },
  {
    name: 'a commit that is an option',
    always: true,
    make: put('README.md', () => 'x'),
    sha: (file) => `--upload-pack=touch ${file}`,
    refused: /fatal|invalid/,
    says: PLANNED,
  },
  {
    name: 'a commit that no open pull request has',
    always: true,
    make: put('README.md', () => 'x'),
    sha: () => 'HEAD',
    refused: /No open pull request/,
    says: PLANNED,
  },
];
