/** What may become of a file, and verbs called in this process on a sandbox that has all that has files. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { main, report } from '../../compiler/cli.ts';
import { reportingFailures } from '../../compiler/commands/operating.ts';
import { createProgress } from '../../compiler/operate/progress.ts';
import { keptSecretFile, writeSecret } from '../../compiler/operate/supervisor/kept-secrets.ts';
import { deploy } from '../../compiler/release/deploy.ts';
import { node, runningIn, type Sandbox, server } from './sandbox.ts';

export const FOLDER = Symbol('a folder in its place');

export function damagesOf(whole: Buffer): Record<string, Buffer | string | typeof FOLDER> {
  return {
    empty: '',
    cut: whole.subarray(0, Math.floor(whole.length / 2)),
    'other JSON': '{"version": 1, "units": [{}]}\n',
    binary: Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 37) % 256)),
    'a folder': FOLDER,
  };
}

export const DAMAGES = Object.keys(damagesOf(Buffer.alloc(0)));

export function damage(path: string, content: Buffer | string | typeof FOLDER): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(content === FOLDER ? join(path, 'inside') : dirname(path), { recursive: true });
  if (content !== FOLDER) writeFileSync(path, content);
}

export interface Said {
  exit: number;
  text: string;
}

export async function call(sandbox: Sandbox, ...words: string[]): Promise<Said> {
  const texts: string[] = [];
  const out = (text: string) => void texts.push(text);
  const exit =
    words[0] === 'deploy'
      ? await deployed(sandbox, out)
      : await main(['-C', sandbox.workspace.root, ...words], { out, err: out });
  return { exit, text: texts.join('') };
}

/** The verb would ask first whether `generated/` is current, and the sandbox has no specs. */
async function deployed({ workspace }: Sandbox, out: (text: string) => void): Promise<number> {
  const terminal = { isTerminal: false, color: false, out };
  const context = { ...terminal, err: out, root: workspace.root };
  return await reportingFailures(context, async () => {
    await deploy(workspace, createProgress(terminal));
    return 0;
  }).catch((problem: unknown) => report(problem, context));
}

/** Answers one call after the other, as the runtime's own `answer` does. */
const RUNTIME = `import json, sys
known = {"champions": {"champions": {"delay": {"version": "3", "inputs": ["distance"]}}}}
assert sys.argv[1:] == ["answer"], sys.argv
for line in sys.stdin:
    call = json.loads(line)
    output = json.dumps(known.get(call["words"][0], {"objects": {}}))
    print(json.dumps({"id": call["id"], "status": 0, "output": output}), flush=True)
`;

/** With a registry and secrets; the model of `furnish` may have packages of its own. */
export const platform = (port: number) => ({
  setup: [{ name: 'step', command: node('console.log("done")') }],
  processes: [{ name: 'mlflow', command: server(port), port, takes: ['MLOPS_SECRET_TOKEN'] }],
});

export function furnish({ workspace }: Sandbox, lock: string | null = null): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(workspace.root, path)), { recursive: true });
    writeFileSync(join(workspace.root, path), text);
  };
  write('runtime/mlops_runtime/__main__.py', RUNTIME);
  write('generated/common/runtime/pipelines/flights.json', '{}');
  write('generated/common/mlflow/delay.json', '{}');
  const model = { model: 'delay', inputs: [{ name: 'distance' }], batch: null };
  write('generated/common/runtime/models/delay.json', JSON.stringify({ ...model, lock }));
  if (lock !== null) write(lock, '');
  writeSecret(keptSecretFile(workspace, 'MLOPS_SECRET_TOKEN'), 'what was set');
}

export const pids = (sandbox: Sandbox): string[] => runningIn(sandbox).map(({ pid, unit }) => `${unit} ${pid}`);

export function assertSaid({ exit, text }: Said, exits: number[], says: RegExp, about: string): void {
  assert.ok(exits.includes(exit), `${about}: left with ${exit}: ${text}`);
  assert.match(text, says, about);
  assert.not.match(text, /this is a bug|^ {4}at /m, about);
}
