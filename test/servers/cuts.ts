/**
 * Deploys of a platform that runs on servers, each cut once: at every boundary that a deploy comes by, by one fault
 * after the other. What runs afterwards is looked at in the tools, object by object.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';
import { currentRelease } from '../../compiler/operate/releases.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { BOUNDARIES as ALL } from '../../compiler/release/boundaries.ts';
import { unfinished } from '../../compiler/release/ledger.ts';
import { numbers } from '../../compiler/test/numbers.ts';
import { drifted } from './releases.ts';
import { type Chapter, eventually, type Stage } from './stage.ts';

export interface Cut {
  /** What happens; `kill NAME` is a supervised process. */
  fault: string;
  /** At which boundary, counted from the start; none for a deploy that is left alone. */
  visit: number | null;
  /** Whether the last gate fails, so that all is taken back. */
  gate: boolean;
}

// These deploys drop no data; test/operate/faults.test.ts cuts one that does.
const BOUNDARIES = ALL.filter((each) => !each.startsWith('drop'));
const SEED = Number(process.env['SEED'] ?? 1);

/** Each party of a deploy, what a machine does to it, and what people do meanwhile. */
const FAULTS = [
  ...['kill deployer', 'kill supervisor', 'fill disk', 'deploy at once', 'push', 'kill kafka', 'kill mlflow'],
  ...['kill prometheus', 'kill airflow-api-server', 'kill airflow-scheduler', 'kill postgres', 'kill redis'],
  'kill serving-departure_delay',
];

export const chapter: Chapter = {
  title: 'Deploys that are cut, on servers',
  async run(stage) {
    const specs = new Map(EDITS.map(([path]) => [path, readFileSync(join(stage.root, path), 'utf8')]));
    await stage.check(`${BOUNDARIES.length} deploys, one cut at each boundary, end wholly old or wholly new`, () =>
      cutAll(stage, specs),
    );
    for (const [path, text] of specs) writeFileSync(join(stage.root, path), text);
    await $({ cwd: stage.root, quiet: true })`git checkout --quiet -- pipelines generated`;
    await stage.check('the specs as they were are deployed again', async () => {
      await stage.mlops('deploy', '--env', stage.environment);
      requireNone(await drifted(stage));
    });
  },
};

/** A file, and its text for the deploy of that number: each changes a tool. */
const EDITS: [string, (text: string, number: number) => string][] = [
  ['pipelines/flights/pipeline.yaml', (text, number) => text.replace(/cron: "\d+ /, `cron: "${20 + number} `)],
  ['monitoring/departures.yaml', (text, number) => text.replace(/for: \d+m/, `for: ${10 + number}m`)],
  ['features/airport_weather.yaml', (text, number) => text.replace(/ttl: \d+h/, `ttl: ${12 + number}h`)],
  [
    'models/departure_delay/model.yaml',
    (text, number) => text.replace(/unit: mi, min: 0,( max: \d+,)?/, `unit: mi, min: 0, max: ${6000 + number},`),
  ],
];

interface Ran {
  exit: number | null;
  printed: string;
  boundaries: string[];
}

async function cutAll(stage: Stage, specs: ReadonlyMap<string, string>): Promise<void> {
  const random = numbers(SEED);
  const alone = await deployed(stage, specs, 0, { fault: '', visit: null, gate: false });
  const taken = await deployed(stage, specs, 1, { fault: '', visit: null, gate: true });
  if (alone.exit !== 0) throw new Error(alone.printed);
  if (!taken.boundaries.includes('undoing')) throw new Error(`nothing was taken back:\n${taken.printed}`);
  const faults = shuffled(FAULTS, random);
  const ends: string[] = [];
  for (const [index, boundary] of BOUNDARIES.entries()) {
    const gate = !alone.boundaries.some((each) => each.startsWith(boundary));
    const places = (gate ? taken : alone).boundaries.flatMap((each, visit) => (each.startsWith(boundary) ? visit : []));
    const visit = places[Math.floor(random() * places.length)];
    if (visit === undefined) throw new Error(`no deploy comes by '${boundary}'`);
    const cut = { fault: faults[index % faults.length] ?? '', visit, gate };
    const what = `${cut.fault} at ${(gate ? taken : alone).boundaries[visit]}`;
    const end = await tried(stage, specs, index + 2, cut).catch((problem: Error) => {
      throw new Error(`seed ${SEED}, ${what}: ${problem.message}`);
    });
    stage.note(`${what}: ${end}`);
    ends.push(end);
  }
  stage.note(
    `seed ${SEED}: ${ends.length} ended wholly, ${ends.filter((end) => end.includes('resumed')).length} resumed`,
  );
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((each) => ({ each, by: random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ each }) => each);
}

/** How it ended, in a word. */
async function tried(stage: Stage, specs: ReadonlyMap<string, string>, number: number, cut: Cut): Promise<string> {
  const workspace = openWorkspace(stage.root, stage.environment);
  const before = currentRelease(workspace);
  const { printed } = await deployed(stage, specs, number, cut);
  const complaint = /^(WRONG|CRASHED) .*/m.exec(printed)?.[0];
  if (complaint !== undefined) throw new Error(printed);
  const isResumed = unfinished(workspace) !== null;
  if (isResumed) await stage.mlops('deploy', '--env', stage.environment, '--resume');
  try {
    await eventually(150, async () => requireNone(await drifted(stage)));
    await stage.mlops('status', '--env', stage.environment);
  } catch (problem) {
    throw new Error(`${(problem as Error).message}\n${printed}`);
  }
  if (unfinished(workspace) !== null) throw new Error('the ledger has no end of it');
  return `wholly ${currentRelease(workspace) === before ? 'old' : 'new'}${isResumed ? ', resumed' : ''}`;
}

function requireNone(found: readonly string[]): void {
  if (found.length > 0) throw new Error(`what runs is not as deployed: ${found.join('; ')}`);
}

async function deployed(stage: Stage, specs: ReadonlyMap<string, string>, number: number, cut: Cut): Promise<Ran> {
  for (const [path, edit] of EDITS) writeFileSync(join(stage.root, path), edit(specs.get(path) ?? '', number));
  await stage.mlops('compile');
  const program = join(stage.root, 'test/servers/cut-deployer.ts');
  const words = ['--import', import.meta.resolve('tsx'), program, JSON.stringify({ ...cut, root: stage.root })];
  const child = spawn(process.execPath, words);
  const texts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => texts.push(text));
  const [exit] = (await once(child, 'close')) as [number | null];
  const printed = texts.join('');
  return { exit, printed, boundaries: [...printed.matchAll(/^AT (.*)$/gm)].map(([, what]) => what ?? '') };
}
