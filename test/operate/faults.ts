/**
 * Deploys into which faults are injected, on a sandbox with real processes: two tools that keep objects, and an API
 * that serves what lies in its release. Where a fault can be put is not listed here: it is what a deploy comes by.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from '../../compiler/clients/http.ts';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { describe, differences } from '../../compiler/diff/compare.ts';
import { type PlainObject, type State, stateOf } from '../../compiler/diff/state.ts';
import { atRelease, currentRelease } from '../../compiler/operate/releases.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { liveContext } from '../../compiler/release/context.ts';
import { unfinished } from '../../compiler/release/ledger.ts';
import type { Live, LiveSide } from '../../compiler/tools/live.ts';
import { eventually, type Sandbox, writePlan } from './sandbox.ts';

export const TOOLS = ['topics', 'rules'] as const;

type Tool = (typeof TOOLS)[number];

/** What can go wrong; `faulty-deployer.ts` does it. */
export const FAULTS = [
  ...['kill deployer', 'kill supervisor', 'kill tool', 'kill api', 'answer 500', 'answer nothing', 'cut connections'],
  ...['lose answers', 'fail gate', 'fill disk', 'deploy at once', 'commit'],
] as const;

/** Those that are one tool's, and tried with each. */
const OF_A_TOOL = new Set([
  'kill tool',
  'answer 500',
  'answer nothing',
  'cut connections',
  'lose answers',
  'fail gate',
]);

export interface Fault {
  name: string;
  /** Null where it is none's in particular. */
  tool: Tool | null;
  /** At which boundary, counted from the start of the deploy. */
  visit: number;
  /** For how many requests, where it is about requests. */
  times: number;
}

/** What the deployer is to do. */
export interface Order {
  root: string;
  way: string;
  text: string;
  faults: Fault[];
}

const FILE = 'models/m/data.txt';

export function writeText({ checkout }: Pick<Workspace, 'checkout'>, text: string): void {
  mkdirSync(join(checkout, 'models/m'), { recursive: true });
  writeFileSync(join(checkout, FILE), text);
}

/** Keeps objects in a file, and is upset as its control file says. Runs by itself: nothing of here is in its scope. */
const TOOL = `
const { existsSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const [port, state, name] = process.argv.slice(1);
const file = state + '/objects-' + name + '.json', control = state + '/upset-' + name;
const read = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
function upset(url) {
  if (!existsSync(control)) return null;
  const [how, times] = readFileSync(control, 'utf8').split(' ');
  if ((how === 'deny') !== (url === '/check')) return null;
  if (Number(times) > 1) writeFileSync(control, how + ' ' + (Number(times) - 1));
  else rmSync(control, { force: true });
  return how;
}
require('node:http').createServer((request, answer) => {
  if (request.url === '/health') return answer.end('ok');
  const how = upset(request.url);
  if (how === 'hang') return;
  if (how === 'reset') return request.socket.destroy();
  if (how === '500' || how === 'deny') { answer.statusCode = how === 'deny' ? 409 : 500; return answer.end('upset'); }
  let body = '';
  request.on('data', (part) => { body += part; }).on('end', () => {
    const objects = read();
    const key = decodeURIComponent(request.url.slice('/objects/'.length));
    if (request.method === 'PUT') objects[key] = JSON.parse(body);
    if (request.method === 'DELETE') delete objects[key];
    if (request.method !== 'GET') writeFileSync(file + '.new', JSON.stringify(objects));
    if (request.method !== 'GET') renameSync(file + '.new', file);
    // Done, and nobody hears of it.
    if (how === 'lose') return request.socket.destroy();
    answer.end(JSON.stringify(objects));
  });
}).listen(Number(port), '127.0.0.1')`;

const API = `
const text = require('node:fs').readFileSync(process.argv[2] + '/${FILE}', 'utf8');
require('node:http').createServer((_, answer) => answer.end(text)).listen(Number(process.argv[1]), '127.0.0.1')`;

const placeholder = (name: string): string => `\${${name}}`;

export function writeFaultyPlan(root: string, ports: readonly [number, number, number]): void {
  const [api, ...tools] = ports;
  writePlan(root, {
    processes: [
      ...TOOLS.map((name, index) => ({
        name,
        command: [process.execPath, '-e', TOOL, String(tools[index]), placeholder('state'), name],
        port: tools[index] as number,
        health: `http://127.0.0.1:${tools[index]}/health`,
      })),
      {
        name: 'api',
        command: [process.execPath, '-e', API, String(api), placeholder('root')],
        port: api,
        reads: ['models/m'],
      },
    ],
  });
}

/** An object of which a field is the text, and one per word: what is created, updated and deleted by a deploy. */
function wanted(name: string, text: string): State {
  const words = text.split(' ').map((word): [string, PlainObject] => [`${name}/${word}`, { word }]);
  return stateOf({ [`${name}/text`]: { text }, ...Object.fromEntries(words) });
}

/** Of a tool that is well, on a machine that has much else to do. */
const TIMEOUT = { timeout: 4 };

function side(name: string, more: Partial<LiveSide>): LiveSide {
  const at = (live: Live, path: string): string => `${live.address(name)}/${path}`;
  return {
    name,
    after: [],
    patience: 1,
    isIn: () => true,
    desired: async (live) => wanted(name, live.read(`../${FILE}`) ?? ''),
    observe: async (live) => stateOf(await ask<Record<string, PlainObject>>(name, at(live, 'objects'), TIMEOUT)),
    async apply(live, changes) {
      for (const { kind, address, desired } of changes) {
        const method = kind === 'delete' ? 'DELETE' : 'PUT';
        await ask(name, at(live, `objects/${encodeURIComponent(address)}`), { ...TIMEOUT, method, body: desired });
      }
      return { done: `${changes.length} changed` };
    },
    check: async (live) => {
      await ask(name, at(live, 'check'), TIMEOUT);
      return 'it works';
    },
    ...more,
  };
}

export const sides = (): LiveSide[] => [side(TOOLS[0], { stage: 'one-way things' }), side(TOOLS[1], {})];

export interface Ran {
  exit: number | null;
  printed: string;
  /** What it came by. */
  boundaries: string[];
}

const deployer = fileURLToPath(new URL('./faulty-deployer.ts', import.meta.url));

export async function run({ workspace }: Sandbox, order: Omit<Order, 'root'>): Promise<Ran> {
  const words = JSON.stringify({ ...order, root: workspace.checkout });
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), deployer, words], {
    env: { ...process.env, MLOPS_RESTART_BACKOFF_MS: '100' },
  });
  const texts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => texts.push(text));
  const [exit] = (await once(child, 'close')) as [number | null];
  const printed = texts.join('');
  return { exit, printed, boundaries: [...printed.matchAll(/^AT (.*)$/gm)].map(([, what]) => what ?? '') };
}

/** What sends a deploy back, once the first tool has become another. */
const GATE: Fault = { name: 'fail gate', tool: TOOLS[1], visit: 0, times: 1 };

/** What a deploy, and one that is taken back, come by. */
export async function boundariesOf(sandbox: Sandbox): Promise<{ plain: string[]; undone: string[] }> {
  writeText(sandbox.workspace, 'a first');
  const first = await run(sandbox, { way: 'new', text: 'a first', faults: [] });
  if (first.exit !== 0) throw new Error(first.printed);
  writeText(sandbox.workspace, 'a second');
  const { boundaries: plain } = await run(sandbox, { way: 'new', text: 'a second', faults: [] });
  writeText(sandbox.workspace, 'a third');
  const { boundaries: undone } = await run(sandbox, { way: 'new', text: 'a third', faults: [GATE] });
  return { plain, undone };
}

export interface Case {
  /** For people. */
  what: string;
  faults: Fault[];
}

/** Every fault of every tool at every boundary, there and on the way back. */
export function casesOf({ plain, undone }: { plain: string[]; undone: string[] }, random: () => number): Case[] {
  const at = (visit: number): Fault[] =>
    FAULTS.flatMap((name) =>
      (OF_A_TOOL.has(name) ? TOOLS : [null]).map((tool) => ({
        name,
        tool,
        visit,
        times: 1 + Math.floor(random() * (name === 'answer nothing' ? 2 : 9)),
      })),
    );
  const what = ({ name, tool, visit }: Fault, boundary: string) =>
    `${name}${tool === null ? '' : ` of ${tool}`} at ${visit} (${boundary})`;
  const there = plain.flatMap((boundary, visit) =>
    at(visit).map((fault): Case => ({ what: what(fault, boundary), faults: [fault] })),
  );
  const back = undone.flatMap((boundary, visit) =>
    visit < undone.indexOf('undoing')
      ? []
      : at(visit).map((fault): Case => ({ what: `${what(fault, boundary)} of the way back`, faults: [GATE, fault] })),
  );
  return shuffled([...there, ...back], random);
}

/** A case per fault first, so that a few try all kinds. */
function shuffled(cases: Case[], random: () => number): Case[] {
  const mixed = cases.map((each) => ({ each, by: random() })).sort((a, b) => a.by - b.by);
  const kinds = new Map(mixed.toReversed().map(({ each }) => [each.faults.at(-1)?.name, each]));
  const first = new Set(kinds.values());
  return [...first, ...mixed.map(({ each }) => each).filter((each) => !first.has(each))];
}

/** How a deploy ended that was wholly old or wholly new after at most one `--resume`. */
export interface End {
  /** Null where all is well. */
  wrong: string | null;
  is: 'old' | 'new';
  isResumed: boolean;
}

export async function tried(sandbox: Sandbox, { faults }: Case, text: string): Promise<End> {
  const { workspace } = sandbox;
  const before = currentRelease(workspace);
  writeText(workspace, text);
  const broken = await run(sandbox, { way: 'new', text, faults });
  for (const name of TOOLS) rmSync(join(workspace.state, `upset-${name}`), { force: true });
  const isResumed = unfinished(workspace) !== null;
  const again = isResumed ? await run(sandbox, { way: 'resume', text, faults: [] }) : null;
  const end = (wrong: string | null): End => ({
    wrong,
    isResumed,
    is: currentRelease(workspace) === before ? 'old' : 'new',
  });
  if (broken.printed.includes('WRONG')) return end(broken.printed);
  if (again !== null && again.exit !== 0)
    return end(`--resume failed:\n${broken.printed}\n--- resume\n${again.printed}`);
  try {
    await eventually('it is wholly old or wholly new', () => halfOf(workspace).then((half) => half === null), 30_000);
  } catch {
    return end(`${await halfOf(workspace)}; it was ${before}\n${broken.printed}`);
  }
  return end(unfinished(workspace) === null ? null : 'the ledger has no end of it');
}

/** Object by object, what the tools have beside what the current release asks for; what the API answers, too. */
async function halfOf(workspace: Workspace): Promise<string | null> {
  const current = currentRelease(workspace);
  if (current === null) return 'no release is current';
  const live = liveContext(atRelease(workspace, current), () => {});
  try {
    const found: string[] = [];
    for (const each of sides())
      found.push(...differences(await each.desired(live), await each.observe(live)).map(describe));
    const answer = await ask<string>('api', live.address('api') ?? '', TIMEOUT);
    if (answer !== live.read(`../${FILE}`)) found.push(`the API answers '${answer}'`);
    return found.length === 0 ? null : `release ${current} is half: ${found.join('; ')}`;
  } catch (problem) {
    if (problem instanceof OperationError) return problem.message; // it is being started again
    throw problem;
  }
}
