import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { analyse } from '../compile.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printJson } from '../diagnostics/print-json.ts';
import { printable } from '../diagnostics/printable.ts';
import { readSources } from '../source/read.ts';
import { GENERATED } from '../write/folder.ts';
import { replaceFiles } from '../write/replace.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { reportingFailures } from './operating.ts';
import { differences, type Finding, newFindings, readTree } from './upgrade-report.ts';

const PACKAGE = 'mlops-compiler';
const MANIFESTS = ['package.json', 'package-lock.json'];
/** Of no matter for what compiles; some of it is large, or nobody's but this machine's. */
const LEFT_OUT = new Set(['node_modules', '.git', '.mlops', '.venv', 'secrets', '__pycache__']);
const SHOWN = 20;

export const command: Command = {
  options: {
    to: { type: 'string', value: 'FILE', help: 'the package as a file (.tgz), instead of a version' },
    write: { type: 'boolean', default: false, help: 'do it, once you have seen what it changes' },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const wanted = wantedBy(positionals[0], options);
      requirePinned(context.root);
      const copy = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-upgrade-'));
      try {
        return tryOut(copy, wanted, options['write'] === true, context);
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    }),
};

interface Wanted {
  spec: string;
  /** Absolute path of a package as a file. */
  file: string | null;
}

function wantedBy(version: string | undefined, { to }: Arguments['options']): Wanted {
  if (to === undefined) {
    if (version !== undefined && !/^[0-9A-Za-z.-]{1,60}$/.test(version))
      throw new UsageError(`'${printable(version)}' is no version; one is 0.2.0`);
    return { spec: `${PACKAGE}@${version ?? 'latest'}`, file: null };
  }
  if (version !== undefined) throw new UsageError('state a version or --to FILE, not both');
  const file = resolve(String(to));
  if (!existsSync(file)) throw new UsageError(`there is no file ${printable(file)}`);
  return { spec: `file:${file}`, file };
}

function requirePinned(root: string): void {
  const text = existsSync(join(root, 'package.json')) ? readFileSync(join(root, 'package.json'), 'utf8') : '{}';
  let pinned: unknown;
  try {
    const { dependencies, devDependencies } = JSON.parse(text);
    pinned = dependencies?.[PACKAGE] ?? devDependencies?.[PACKAGE];
  } catch {
    throw new OperationError('package.json is no JSON; mend it first. Nothing was changed.');
  }
  if (pinned === undefined)
    throw new OperationError(
      `package.json does not pin ${PACKAGE}; \`npm install --save-exact ${PACKAGE}\` does. Nothing was changed.`,
    );
}

/** All happens in a copy; only what went well there is brought here. */
function tryOut(copy: string, wanted: Wanted, write: boolean, context: Context): number {
  const { root } = context;
  cpSync(root, copy, { recursive: true, filter: (path) => path === root || !LEFT_OUT.has(basename(path)) });
  npm(copy, [
    'install',
    '--save-exact',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    wanted.spec,
  ]);
  const program = join(copy, 'node_modules', PACKAGE, 'bin/mlops.js');
  const now = mlops(program, copy, ['--version']);
  context.out(`${now.out.trim().replace(/^mlops /, 'To version ')}\n`);
  const before = findingsHere(root);
  const specs = textsOf(copy);
  const migrated = mlops(program, copy, ['migrate']);
  if (migrated.exit !== 0) throw new OperationError(`${migrated.err.trim()} Nothing was changed.`);
  context.out(`\nSpecs\n${indented(migrated.out)}`);
  const after = findingsOf(program, copy);
  const fresh = newFindings(before, after);
  context.out(`\nFindings that are new\n${indented(fresh.length === 0 ? 'none' : fresh.join('\n'))}`);
  if (after.some(({ severity }) => severity === 'error')) {
    context.err('\nThe specs do not compile with it; mend them first. Nothing was changed.\n');
    return 1;
  }
  const compiled = mlops(program, copy, ['compile']);
  if (compiled.exit !== 0) throw new OperationError(`It does not compile: ${compiled.err.trim()} Nothing was changed.`);
  const changes = differences(readTree(join(root, GENERATED)), readTree(join(copy, GENERATED)));
  const more = changes.length > SHOWN ? [`… and ${changes.length - SHOWN} more`] : [];
  const shown = changes.length === 0 ? ['nothing'] : [...changes.slice(0, SHOWN), ...more];
  context.out(`\nWhat changes in ${GENERATED}/\n${indented(shown.join('\n'))}`);
  if (!write) {
    context.out('\nNothing was changed here; `--write` does it.\n');
    return 0;
  }
  bring(copy, root, program, new Map([...textsOf(copy)].filter(([path, text]) => specs.get(path) !== text)), wanted);
  context.out(
    '\npackage.json, the lock, specs and generated/ are written. Next: npm install, and look at `git diff`.\n',
  );
  return 0;
}

const textsOf = (root: string): Map<string, string> =>
  new Map(readSources(root).specs.map(({ path, bytes }) => [path, Buffer.from(bytes).toString('utf8')]));

/** Files are put in place each wholly, and back where compiling fails. */
function bring(copy: string, root: string, program: string, specs: Map<string, string>, { file }: Wanted): void {
  const texts = new Map(specs);
  for (const name of MANIFESTS) {
    const text = readFileSync(join(copy, name), 'utf8');
    // npm writes a file's place relative to where it works.
    texts.set(name, file === null ? text : text.replaceAll(relative(copy, file), relative(root, file)));
  }
  const there = [...texts.keys()].filter((path) => existsSync(join(root, path)));
  const before = new Map(there.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const added = [...texts.keys()].filter((path) => !before.has(path));
  replaceFiles(root, new Map(there.map((path) => [path, texts.get(path) ?? ''])));
  for (const path of added) writeFileSync(join(root, path), texts.get(path) ?? '', { flag: 'wx' });
  const { exit, err } = mlops(program, root, ['compile']);
  if (exit === 0) return;
  replaceFiles(root, before);
  for (const path of added) rmSync(join(root, path));
  throw new OperationError(`It could not be compiled here: ${err.trim()} Everything is as it was.`);
}

function npm(cwd: string, words: string[]): void {
  const { status, stderr, error } = spawnSync('npm', words, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error) throw new OperationError(`npm cannot be run: ${error.message}. Nothing was changed.`);
  const said = stderr.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
  if (status !== 0)
    throw new OperationError(`npm could not install it. ${printable(said.slice(0, 3).join(' '))} Nothing was changed.`);
}

function mlops(program: string, root: string, words: string[]): { exit: number; out: string; err: string } {
  const argv = words[0] === '--version' ? words : ['-C', root, ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], { encoding: 'utf8' });
  return { exit: status ?? 2, out: stdout, err: stderr };
}

/** By the compiler at hand. */
function findingsHere(root: string): Finding[] {
  const { findings, texts } = analyse(readSources(root));
  return JSON.parse(printJson(findings, [], (file) => texts.get(file))).findings;
}

function findingsOf(program: string, root: string): Finding[] {
  const { out, err } = mlops(program, root, ['validate', '--format', 'json']);
  try {
    return (JSON.parse(out) as { findings: Finding[] }).findings;
  } catch {
    throw new OperationError(`The specs could not be checked: ${printable(err.trim())} Nothing was changed.`);
  }
}

const indented = (text: string): string => `${text.trimEnd().replace(/^/gm, '  ')}\n`;
