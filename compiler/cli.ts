#!/usr/bin/env node
/** argv → command → exit code. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Command, type Context, UsageError } from './commands/command.ts';
import { commands, type Verb } from './commands/registry.ts';
import { nearest } from './diagnostics/nearest.ts';
import { printable } from './diagnostics/printable.ts';
import { runtimeVersion, version } from './product/product.ts';
import { WriteRefused } from './write/refused.ts';

export async function main(argv: string[], output: Pick<Context, 'out' | 'err'>): Promise<number> {
  try {
    return await dispatch(argv, output);
  } catch (problem) {
    return report(problem, output);
  }
}

/** In a sentence, but for a bug; the exit code. */
export function report(problem: unknown, output: Pick<Context, 'err'>): number {
  if (problem instanceof UsageError || problem instanceof WriteRefused || isArgumentError(problem)) {
    const { message } = problem as Error;
    output.err(`mlops: ${problem instanceof WriteRefused ? printable(message) : message}\n`);
    return 2;
  }
  const system = systemProblem(problem);
  if (system) {
    output.err(`mlops: ${printable(system)}\n`);
    return 2;
  }
  output.err(
    'mlops: this is a bug of the compiler; please report it with the lines ' +
      `below.\n${(problem as Error)?.stack ?? problem}\n`,
  );
  return 3;
}

async function dispatch(argv: string[], output: Pick<Context, 'out' | 'err'>): Promise<number> {
  const { directory, rest } = takeDirectory(argv);
  const [name, ...words] = rest;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    output.out(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    output.out(`mlops ${version()}, with the runtime ${runtimeVersion()}\n`);
    return 0;
  }
  const verb = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!verb) {
    const near = nearest(name, Object.keys(commands));
    throw new UsageError(
      `there is no command '${name}'${near ? `; did you mean '${near}'?` : ''} (mlops --help lists them)`,
    );
  }
  const { command } = await verb.load();
  const { values, positionals } = parse(name, verb, command, words);
  if (values['help']) {
    output.out(help(name, verb, command));
    return 0;
  }
  const isTerminal = process.stdout.isTTY === true;
  return command.run(
    { positionals, options: values },
    { ...output, root: repository(directory), color: isTerminal && !process.env['NO_COLOR'], isTerminal },
  );
}

function takeDirectory(argv: string[]): { directory: string; rest: string[] } {
  if (argv[0] !== '-C') return { directory: '.', rest: argv };
  if (argv[1] === undefined) throw new UsageError('-C needs a folder');
  return { directory: argv[1], rest: argv.slice(2) };
}

function repository(directory: string): string {
  const root = resolve(directory);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`there is no folder ${directory}`);
  return root;
}

function parse(name: string, { positionals: wanted = [], isPrivate }: Verb, command: Command, args: string[]) {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, isRepeatable }]) => [
      name,
      { type, multiple: isRepeatable === true },
    ]),
  );
  const { values, positionals } = parseArgs({
    args,
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const given = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value.join() : value]),
  ) as Record<string, string | boolean | undefined>;
  if (given['help']) return { values: given, positionals };
  const needed = wanted.filter((each) => !/[?…]$/.test(each));
  if (positionals.length < needed.length)
    throw new UsageError(`${name} needs ${needed.slice(positionals.length).join(' and ')} (mlops ${name} --help)`);
  if (positionals.length > wanted.length && !wanted.at(-1)?.endsWith('…'))
    throw new UsageError(
      `${isPrivate ? 'there' : `'${positionals[wanted.length]}'`} is one argument too many for ${name}`,
    );
  for (const [key, option] of Object.entries(command.options)) {
    given[key] ??= option.default;
    if (option.choices && given[key] !== undefined && !option.choices.includes(String(given[key]))) {
      throw new UsageError(`--${key} is one of ${option.choices.join(', ')}, not '${given[key]}'`);
    }
  }
  return { values: given, positionals };
}

const isArgumentError = (problem: unknown): boolean =>
  problem instanceof TypeError && String((problem as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');

function systemProblem(problem: unknown): string | null {
  const { code, path, syscall } = (problem ?? {}) as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return 'the disk is full; nothing was changed.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `no permission for ${path ?? 'a file here'}; nothing was changed.`;
  if (code === 'EISDIR' && path !== undefined)
    return `${path} is a folder, and a file belongs there; move it away and try again.`;
  if (code === 'EEXIST' && syscall === 'mkdir' && path !== undefined)
    return `${path} is no folder, and one belongs there; move it away and try again.`;
  if (code === 'ENOTDIR' && path !== undefined)
    return `${path} cannot be reached, as a part of it is no folder; look at what it is.`;
  // The repository may hold anything that a file system can: names too long for it, loops, devices.
  if (syscall !== undefined && path !== undefined) return `${path} cannot be used (${code}); look at what it is.`;
  return null;
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, verb]) => `  ${usage(name, verb).padEnd(34)} ${verb.summary}`);
  return (
    `Usage: mlops [-C DIR] COMMAND …\n\n${lines.join('\n')}\n\nmlops COMMAND --help says more, mlops --version which ` +
    'version this is. Exit codes: 0 done, 1 errors in the specs, 2 wrong usage or environment, 3 a bug.\n'
  );
}

export const usage = (name: string, { positionals = [] }: Verb): string =>
  [
    name,
    ...positionals.map((each) =>
      each.endsWith('?') ? `[${each.slice(0, -1)}]` : each.endsWith('…') ? `[${each.slice(0, -1)} …]` : each,
    ),
  ].join(' ');

function help(name: string, verb: Verb, command: Command): string {
  const options = Object.entries(command.options).map(([key, option]) => {
    const value = option.type === 'string' ? ` ${option.choices?.join('|') ?? option.value ?? 'VALUE'}` : '';
    const fallback = option.default === undefined || option.default === false ? '' : ` (default: ${option.default})`;
    return `  ${`--${key}${value}`.padEnd(32)} ${option.help}${fallback}`;
  });
  return `Usage: mlops [-C DIR] ${usage(name, verb)} [options]\n\n${verb.summary}\n\n${options.join('\n')}\n`;
}

if (process.argv[1] && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  process.exitCode = await main(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
}
