/** What a report of a bug needs, as texts by name. Works on a broken platform: what fails is said. */
import { createHash } from 'node:crypto';
import { readdirSync, statfsSync, statSync } from 'node:fs';
import { arch, cpus, freemem, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { readIfThere } from '../operate/machine/files.ts';
import { atCurrent, currentRelease, knownReleases } from '../operate/releases.ts';
import { logFiles, newestLines } from '../operate/supervisor/process-logs.ts';
import { supervisorRecord } from '../operate/supervisor/run-state.ts';
import { platformStatus } from '../operate/supervisor/status.ts';
import type { Workspace } from '../operate/workspace.ts';
import { runtimeVersion, version } from '../product/product.ts';
import { partsOf } from '../release/contents.ts';
import { difference } from '../release/differs.ts';
import { ledgerFile } from '../release/ledger.ts';
import { commitOf, manifestOf } from '../release/make.ts';
import { readSources } from '../source/read.ts';

export interface Collected {
  texts: Map<string, string>;
  /** A line per part that is not whole, and why. */
  problems: string[];
}

const LINES = { log: 400, ledger: 400 };
/** Characters. */
const MOST = { file: 256 * 1024, all: 8 * 1024 * 1024 };

/** Name → its text; null where there is no such thing. */
type Part = [name: string, text: () => string | null | Promise<string | null>];

export async function collect(workspace: Workspace, others: readonly Part[]): Promise<Collected> {
  const texts = new Map<string, string>();
  const problems: string[] = [];
  for (const [name, text] of [...partsOfReport(workspace), ...others, ...logs(workspace, problems)]) {
    const found = await tried(name, text, problems);
    if (found !== null) texts.set(name, found);
  }
  return { texts, problems };
}

/** The end of each text tells most. Done when secrets are covered: the half of one would not be found. */
export function bounded({ texts, problems }: Collected): Collected {
  let room = MOST.all;
  const cut: string[] = [];
  const kept = [...texts].map(([name, text]): [string, string] => {
    const end = text.slice(text.length - Math.min(text.length, MOST.file, room));
    if (end.length < text.length) cut.push(`${name}: only the last ${end.length} of ${text.length} characters`);
    room -= end.length;
    return [name, end];
  });
  return { texts: new Map(kept), problems: [...problems, ...cut] };
}

async function tried(name: string, text: Part[1], problems: string[]): Promise<string | null> {
  try {
    return await text();
  } catch (problem) {
    problems.push(`${name}: ${problem instanceof Error ? problem.message : String(problem)}`);
    return null;
  }
}

function partsOfReport(workspace: Workspace): Part[] {
  const { checkout, environment, state } = workspace;
  const running = (): Workspace => atCurrent(workspace);
  const generated = (path: string) => readIfThere(join(running().root, 'generated', environment, path));
  return [
    ['versions.json', () => json(versions(workspace))],
    ['specs.json', () => json(specs(checkout))],
    ['releases.json', () => json(releases(workspace))],
    ['ledger.jsonl', () => lastLines(readIfThere(ledgerFile(workspace)), LINES.ledger)],
    ['status.json', async () => json(await platformStatus(running()))],
    ['supervisor.json', () => readIfThere(supervisorRecord(workspace).path)],
    ['settings/environment.json', () => generated('runtime/environment.json')],
    ['settings/services.json', () => generated('runtime/services.json')],
    ['settings/processes.json', () => generated('process/processes.json')],
    ['settings/variables.txt', () => variables()],
    ['state.txt', () => listing(state)],
  ];
}

function versions(workspace: Workspace) {
  const { checkout, environment } = workspace;
  const lock = readIfThere(join(checkout, 'package-lock.json'));
  return {
    compiler: version(),
    runtime: runtimeVersion(),
    node: process.version,
    system: `${type()} ${release()} ${arch()}`,
    cpus: cpus().length,
    memory: { bytes: totalmem(), free: freemem() },
    at: new Date().toISOString(),
    environment,
    commit: commitOf(checkout, partsOf(environment)),
    lock: lock === null ? null : digest(lock),
  };
}

/** What the specs are, by digest alone: they are the team's. */
const specs = (root: string) =>
  Object.fromEntries(
    readSources(root).specs.map(({ path, bytes }) => [path, { bytes: bytes.length, sha256: digest(bytes) }]),
  );

function releases(workspace: Workspace) {
  const current = currentRelease(workspace);
  const manifest = current === null ? null : manifestOf(workspace, current);
  return { current, kept: knownReleases(workspace), differs: difference(workspace), manifest };
}

/** Names alone: of a variable that nobody knows nobody can say what it holds. */
const variables = (): string =>
  Object.keys(process.env)
    .filter((name) => /^(MLOPS|AIRFLOW|MLFLOW|FEAST|PYTHON|NODE|LANG|LC_|TZ$|CI$)/.test(name))
    .sort()
    .map((name) => `${name}\n`)
    .join('');

/** Two levels of the state, with sizes; links are not followed. */
function listing(state: string): string {
  const { bavail, bsize, ffree } = statfsSync(state);
  const lines = [`free: ${bavail * bsize} bytes, ${ffree} inodes`, ...below(state, '', 2)];
  return `${lines.join('\n')}\n`;
}

function below(root: string, folder: string, levels: number): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return [`${path}/`, ...(levels > 1 ? below(root, path, levels - 1) : [])];
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    return [`${path}  ${entry.isFile() && found ? `${found.size}  ${found.mtime.toISOString()}` : '(no file)'}`];
  });
}

function logs(workspace: Workspace, problems: string[]): Part[] {
  try {
    return [...logFiles(workspace)].map(
      ([name, file]): Part => [
        `logs/${name.replaceAll('/', '_')}.log`,
        () =>
          newestLines(file, LINES.log)
            .map((line) => `${line}\n`)
            .join(''),
      ],
    );
  } catch (problem) {
    problems.push(`logs: ${problem instanceof Error ? problem.message : String(problem)}`);
    return [];
  }
}

const lastLines = (text: string | null, count: number): string | null =>
  text === null ? null : text.split('\n').slice(-count).join('\n');

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const digest = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');
