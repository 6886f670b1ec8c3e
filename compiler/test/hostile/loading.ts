/** What Node, npm, Python and git might take from the folder in which they run. */
import { files, module, python, type Scene, script, shell } from './scene.ts';

const scene = (name: string, all: Parameters<typeof files>[0]): Scene => ({ name, put: files(all), validate: 0 });

export const loading: Scene[] = [
  scene('tsconfig.json that puts its own code in the place of packages', (ground) => ({
    'pwn.mts': module(ground),
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        baseUrl: '.',
        // Imported by their default, so nothing stops them before they run.
        paths: { picocolors: ['./pwn.mts'], handlebars: ['./pwn.mts'], zx: ['./pwn.mts'] },
        jsxImportSource: './pwn',
        plugins: [{ transform: './pwn.mts', name: './pwn.mts' }],
      },
    }),
    'jsconfig.json': JSON.stringify({ compilerOptions: { paths: { '*': ['./pwn.mts'] } } }),
  })),
  scene('tsconfig.json that extends others, without end', () => ({
    'tsconfig.json': '{"extends": "./other.json", "references": [{"path": "."}]}',
    'other.json': '{"extends": "./tsconfig.json"}',
  })),
  scene('package.json with type, imports, exports, scripts and our own name', (ground) => ({
    'pwn.cjs': script(ground),
    'pwn.js': module(ground),
    'package.json': JSON.stringify({
      name: 'mlops-compiler',
      type: 'commonjs',
      main: './pwn.cjs',
      imports: { '#yaml': './pwn.cjs', '#*': './pwn.cjs' },
      exports: { '.': './pwn.cjs', './*': './pwn.cjs' },
      scripts: Object.fromEntries(
        ['preinstall', 'install', 'postinstall', 'prepare', 'mlops', 'validate', 'compile'].map((each) => [
          each,
          'node pwn.cjs',
        ]),
      ),
      packageManager: 'pnpm@0.0.1',
    }),
    'features/package.json': '{"type": "module", "main": "../pwn.js"}',
    'package-lock.json': '{"lockfileVersion": 3}',
  })),
  scene('node_modules with packages called like ours', (ground) =>
    Object.fromEntries(
      'yaml ajv picocolors tsx zx handlebars re2js croner esbuild vscode-languageserver @lezer/python get-tsconfig'
        .split(' ')
        .flatMap((name) => [
          [
            `node_modules/${name}/package.json`,
            '{"main": "index.js", "exports": {".": "./index.js", "./*": "./index.js"}}',
          ],
          [`node_modules/${name}/index.js`, script(ground)],
          [`features/node_modules/${name}/index.js`, script(ground)],
        ]),
    ),
  ),
  scene('settings of npm, yarn and pnpm', (ground) => ({
    'pwn.cjs': script(ground),
    '.npmrc': 'node-options=--require ./pwn.cjs\nscript-shell=./pwn.cjs\nprefix=.\nignore-scripts=false\n',
    '.yarnrc.yml': 'yarnPath: ./pwn.cjs\n',
    '.pnp.cjs': script(ground),
    '.pnp.loader.mjs': module(ground),
    '.pnpmfile.cjs': script(ground),
    'pnpm-workspace.yaml': 'packages: ["*"]\n',
    '.nvmrc': '0.1\n',
    '.node-version': '0.1\n',
  })),
  scene('files of environment variables, and of Node', (ground) => ({
    'pwn.cjs': script(ground),
    ...Object.fromEntries(
      ['.env', '.env.local', '.env.production', '.envrc', 'features/.env'].map((each) => [
        each,
        'NODE_OPTIONS=--require=./pwn.cjs\nNODE_PATH=.\nESBUILD_BINARY_PATH=./pwn.cjs\n' +
          'TSX_TSCONFIG_PATH=./tsconfig.json\n',
      ]),
    ),
    'node.config.json': '{"nodeOptions": {"require": ["./pwn.cjs"], "import": ["./pwn.cjs"]}}',
    '.noderc': '--require ./pwn.cjs\n',
  })),
  scene('settings of compilers, bundlers and editors', (ground) => ({
    'pwn.cjs': script(ground),
    '.swcrc': '{"jsc": {"experimental": {"plugins": [["./pwn.cjs", {}]]}}}',
    '.babelrc': '{"plugins": ["./pwn.cjs"]}',
    'babel.config.js': script(ground),
    'esbuild.config.js': script(ground),
    'vite.config.ts': module(ground),
    'biome.json': '{"extends": ["./pwn.cjs"]}',
    'eslint.config.js': script(ground),
    '.prettierrc.cjs': script(ground),
    '.editorconfig': 'root = true\n[*]\ncharset = utf-16le\n',
    '.vscode/settings.json': '{"typescript.tsdk": "./node_modules", "yaml.schemas": {"./pwn.cjs": "*"}}',
    '.vscode/tasks.json': '{"tasks": [{"command": "node pwn.cjs", "runOptions": {"runOn": "folderOpen"}}]}',
  })),
  scene('files where ours are: bin/, compiler/, templates, schemas, the runtime', (ground) => ({
    'bin/mlops.js': module(ground),
    'bin/register.js': module(ground),
    'compiler/cli.ts': module(ground),
    'compiler/commands/registry.ts': module(ground),
    'compiler/tools/airflow/templates/dag.py.hbs': 'pwned',
    'compiler/spec-schema/common.schema.json': '{}',
    'runtime/mlops_runtime/__init__.py': python(ground),
    'runtime/mlops_runtime/metrics.json': '[]',
    'scripts/demo.ts': module(ground),
  })),
  scene('modules that Python loads by itself, and settings of its tools', (ground) => ({
    ...Object.fromEntries(
      ['sitecustomize.py', 'usercustomize.py', 'conftest.py', 'yaml.py', 'ast.py', 'json.py', 'setup.py'].flatMap(
        (each) => [
          [each, python(ground)],
          [`models/churn/${each}`, python(ground)],
        ],
      ),
    ),
    'pwn.pth': `import os; ${python(ground)}`,
    'pyproject.toml': '[tool.ruff]\nextend = "/dev/zero"\n[build-system]\nbackend-path = ["."]\n',
    'ruff.toml': 'extend = "/dev/zero"\n',
    'setup.cfg': '[egg_info]\n',
    'tox.ini': '[pytest]\naddopts = -p pwn\n',
    '.python-version': '2.7\n',
    'pyvenv.cfg': 'home = .\n',
  })),
  scene('settings, hooks and filters of git', (ground) => ({
    'pwn.sh': shell(ground),
    '.git/config':
      '[core]\n\tfsmonitor = ./pwn.sh\n\thooksPath = .\n\tsshCommand = ./pwn.sh\n\tpager = ./pwn.sh\n' +
      '[filter "pwn"]\n\tclean = ./pwn.sh\n\tsmudge = ./pwn.sh\n\trequired\n[include]\n\tpath = /dev/zero\n',
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/hooks/post-checkout': shell(ground),
    '.git/hooks/pre-commit': shell(ground),
    '.gitattributes': '* filter=pwn diff=pwn merge=pwn\n',
    '.gitmodules': '[submodule "x"]\n\tpath = features\n\turl = ../outside\n',
  })),
];
