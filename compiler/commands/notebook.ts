import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { isFree } from '../operate/machine/ports.ts';
import { createProgress, inStage } from '../operate/progress.ts';
import { prepareJupyter } from '../operate/python/jupyter.ts';
import { liveSupervisor } from '../operate/supervisor/run-state.ts';
import { platformEnvironment } from '../operate/supervisor/units.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { environmentOption, reportingFailures, workspaceOf } from './operating.ts';

const FIRST_PORT = 8888;
const PORTS = 100;
const FOLDER = 'notebooks';

export const command: Command = {
  options: {
    env: environmentOption,
    port: {
      type: 'string',
      value: 'PORT',
      help: `where it listens, on loopback (default: the first free from ${FIRST_PORT})`,
    },
    'no-browser': { type: 'boolean', default: false, help: 'only say the address' },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const workspace = workspaceOf(context, options);
      const model = modelOf(workspace, positionals[0] ?? '', context);
      const port = await portOf(options);
      const file = ownCopy(workspace, model, context);
      const python = await inStage(createProgress(context), 'Jupyter', (note) => prepareJupyter(workspace, note));
      if (liveSupervisor(workspace) === null)
        context.err(`Nothing of '${workspace.environment}' runs, so MLflow will not answer: \`mlops up\` starts it.\n`);
      return serve(workspace, { python, port, file, opens: options['no-browser'] !== true }, context);
    }),
};

/** A model's own, or for a view that of a model which uses it. */
function modelOf(workspace: Workspace, name: string, context: Context): string {
  const folder = join(workspace.root, 'generated', 'common', 'notebook');
  const models = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((each) => each.endsWith('.ipynb'))
    .map((each) => each.slice(0, -'.ipynb'.length))
    .sort();
  if (models.includes(name)) return name;
  const views = join(workspace.root, 'generated', 'common', 'feast', 'feature_views');
  const isView = /^\w+$/.test(name) && existsSync(join(views, `${name}.py`));
  const user = models.find((each) => readFileSync(join(folder, `${each}.ipynb`), 'utf8').includes(`${name}__`));
  if (isView && user !== undefined) {
    context.out(`${name} is used by the model ${user}, whose notebook reads it.\n`);
    return user;
  }
  if (isView) throw new OperationError(`No model uses the feature view ${name}, so no notebook reads it.`);
  const near = nearest(name, models);
  const hint = near ? `did you mean '${near}'?` : `there are ${models.join(', ') || 'none: run `mlops compile`'}`;
  throw new UsageError(`there is no model or feature view '${printable(name)}'; ${hint}`);
}

async function portOf({ port }: Arguments['options']): Promise<number> {
  if (port === undefined) {
    for (let each = FIRST_PORT; each < FIRST_PORT + PORTS; each += 1) if (await isFree(each)) return each;
    throw new OperationError(`None of the ports ${FIRST_PORT} to ${FIRST_PORT + PORTS - 1} is free; --port names one.`);
  }
  const number = Number(port);
  if (!/^\d{1,5}$/.test(String(port)) || number < 1024 || number > 65_535)
    throw new UsageError(`--port '${printable(String(port))}' is no port from 1024 to 65535`);
  if (!(await isFree(number))) throw new OperationError(`Port ${number} is in use; leave --port out for a free one.`);
  return number;
}

/** What is generated is written again by the next compile, so one works on a copy, which is made once. */
function ownCopy({ root }: Workspace, model: string, context: Context): string {
  const source = join(root, 'generated', 'common', 'notebook', `${model}.ipynb`);
  const file = join(FOLDER, `${model}.ipynb`);
  mkdirSync(join(root, FOLDER), { recursive: true });
  if (existsSync(join(root, file))) context.out(`${file} is yours, and is as you left it.\n`);
  else {
    copyFileSync(source, join(root, file), constants.COPYFILE_EXCL);
    context.out(`${file} is a copy of the generated notebook; it is yours.\n`);
  }
  return file;
}

interface Served {
  python: string;
  port: number;
  file: string;
  opens: boolean;
}

/** Until it ends, by Ctrl-C or by its own menu. */
async function serve(workspace: Workspace, { python, port, file, opens }: Served, context: Context): Promise<number> {
  const token = randomBytes(24).toString('hex');
  const args = [
    '-m',
    'jupyterlab',
    `--ServerApp.ip=127.0.0.1`,
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    // Or it would be the notebook's own folder, and the address another one.
    `--ServerApp.root_dir=${workspace.root}`,
  ];
  if (!opens) args.push('--no-browser');
  if (process.getuid?.() === 0) args.push('--allow-root');
  // The token is in no command line, which every user of the machine sees.
  const env = { ...platformEnvironment(workspace, 'notebook'), ...displayOf(), JUPYTER_TOKEN: token };
  const child = spawn(python, [...args, file], { cwd: workspace.root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void said.splice(0, said.length - 20, text));
  let hasEnded = false;
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 0));
  }).finally(() => {
    hasEnded = true;
  });
  const stop = () => void child.kill('SIGTERM');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (await answers(`http://127.0.0.1:${port}/api/status?token=${token}`, () => hasEnded))
    context.out(`\n  http://127.0.0.1:${port}/lab/tree/${file}?token=${token}\n\nCtrl-C ends it.\n`);
  const code = await ended;
  if (code !== 0) throw new OperationError(`Jupyter ended with ${code}.\n${printableLines(said)}`, 1);
  return 0;
}

/** A browser needs to know the desktop; nothing else of the user's variables gets there. */
const displayOf = (): Record<string, string> =>
  Object.fromEntries(
    ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'XDG_RUNTIME_DIR', 'BROWSER'].flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name]]],
    ),
  );

async function answers(url: string, isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return true;
    await sleep(200);
  }
  return false;
}

const printableLines = (texts: readonly string[]): string =>
  texts
    .join('')
    .trimEnd()
    .split('\n')
    .slice(-12)
    .map((line) => `    ${printable(line)}`)
    .join('\n');
