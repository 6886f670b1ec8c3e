/**
 * Builds of a Jenkinsfile, played by our harness (`harness/*.groovy`): a small repository, agents, credentials, people;
 * `npm` and `docker` are recorded, and do what a scenario says. Everything else that `sh` calls is the real thing.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { toolsFolder } from '../../compiler/release/install-servers.ts';

export interface Scenario {
  name: string;
  /** Null for another branch than main, without a pull request. */
  pull?: { number: number; url: string; target: string } | null;
  branch?: string;
  parameters?: Record<string, string>;
  /** What `npm …` does, by a pattern of the shell; the first one that fits. */
  acts?: [pattern: string, action: string][];
  /** Jenkins has no such credential. */
  withoutToken?: boolean;
  consent?: 'proceed' | 'abort' | 'never';
  groups?: string[];
  previous?: string;
}

export interface Event {
  event: string;
  stage: string | null;
  label?: string;
  [key: string]: unknown;
}

export interface Played {
  name: string;
  result: 'SUCCESS' | 'FAILURE' | 'ABORTED' | 'UNSTABLE';
  problem: string | null;
  events: Event[];
  log: string;
  /** What was called: `npm ci`, `docker compose …`, in order. */
  calls: string[];
  /** Those of them that saw the token. */
  withToken: string[];
  /** Those that ran without what the pipeline's environment says. */
  withoutSettings: string[];
  /** Those that ran on files of the pull request. */
  onPull: string[];
  /** Folders of agents that were left behind. */
  left: string[];
  commit: string;
}

export const TOKEN = 'ghp_canary00000000000000000000000000000';
export const AGENTS = ['mlops-check', 'mlops-review', 'mlops-deploy'];

const HARNESS = join(import.meta.dirname, 'harness');
/** Groovy 2.4 is older than modules. */
const OPEN = ['java.base/java.lang', 'java.base/java.util'].map((each) => `--add-opens=${each}=ALL-UNNAMED`);

const SHIM = `#!/bin/sh
name=$(basename "$0")
echo "$name $*" >> "$PLAY/calls"
[ -z "$GITHUB_TOKEN" ] || echo "$name $*" >> "$PLAY/with-token"
[ "$CI$NO_COLOR" = true1 ] || echo "$name $*" >> "$PLAY/without-settings"
[ ! -e pull.txt ] || echo "$name $*" >> "$PLAY/on-pull"
while IFS='|' read -r pattern action; do
  case "$*" in $pattern) eval "$action"; exit ;; esac
done < "$PLAY/acts"
`;

function repositoryIn(folder: string): { path: string; commits: Record<'main' | 'pull', string> } {
  const path = join(folder, 'repository');
  mkdirSync(path);
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', path, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet', '--initial-branch', 'main');
  mkdirSync(join(path, 'generated/prod/compose'), { recursive: true });
  writeFileSync(join(path, 'generated/prod/compose/compose.yaml'), 'services: {}\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'main');
  const main = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', '-b', 'pull');
  writeFileSync(join(path, 'pull.txt'), 'of the pull request\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'pull');
  const pull = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', 'main');
  return { path, commits: { main, pull } };
}

/** All of them in one Java, which takes seconds to start. */
export function play(folder: string, jobs: { jenkinsfile: string; scenario: Scenario }[]): Played[] {
  mkdirSync(folder, { recursive: true });
  const { path, commits } = repositoryIn(folder);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['npm', 'docker']) {
    writeFileSync(join(bin, name), SHIM);
    chmodSync(join(bin, name), 0o755);
  }
  const given = jobs.map(({ jenkinsfile, scenario }, index) => {
    const own = join(folder, String(index));
    mkdirSync(own);
    writeFileSync(join(own, 'Jenkinsfile'), jenkinsfile);
    const acts = (scenario.acts ?? []).map(([pattern, action]) => `${pattern}|${action}\n`).join('');
    writeFileSync(join(own, 'acts'), acts);
    return scenarioOf(scenario, own, path, commits, bin);
  });
  writeFileSync(join(folder, 'scenarios.json'), JSON.stringify(given));
  const results = join(folder, 'results.json');
  groovy('Play.groovy', [join(folder, 'scenarios.json'), results]);
  const played = JSON.parse(readFileSync(results, 'utf8')) as Played[];
  return played.map((each, index) => ({
    ...each,
    ...seenBy(join(folder, String(index))),
    commit: given[index]?.commit ?? '',
  }));
}

/** What a script of Job DSL asks for. */
export function jobsOf(folder: string, script: string): unknown {
  const path = join(folder, 'jobs.groovy');
  writeFileSync(path, script);
  return JSON.parse(groovy('Jobs.groovy', [path]));
}

/** Of a real repository, with what is on this machine; `scenario` says everything. */
export function build(folder: string, scenario: object): Pick<Played, 'result' | 'problem' | 'log'> {
  const [given, results] = [join(folder, 'scenario.json'), join(folder, 'result.json')];
  writeFileSync(given, JSON.stringify([scenario]));
  groovy('Play.groovy', [given, results]);
  const [played] = JSON.parse(readFileSync(results, 'utf8')) as Played[];
  if (!played) throw new Error('The harness played nothing.');
  return played;
}

function groovy(script: string, given: string[]): string {
  const path = ['-cp', [...jars(), HARNESS].join(delimiter)];
  const words = [...OPEN, ...path, 'groovy.ui.GroovyMain', join(HARNESS, script), ...given];
  const { status, stdout, stderr } = spawnSync('java', ['-XX:TieredStopAtLevel=1', ...words], {
    encoding: 'utf8',
    timeout: 600_000,
  });
  if (status !== 0) throw new Error(`The harness failed:\n${stdout}${stderr}`);
  return stdout;
}

function scenarioOf(
  { pull, branch = 'main', withoutToken = false, ...scenario }: Scenario,
  own: string,
  repository: string,
  commits: Record<'main' | 'pull', string>,
  bin: string,
) {
  const variables = {
    BUILD_NUMBER: '1',
    BUILD_URL: 'https://jenkins.example.com/job/shop/1/',
    BRANCH_NAME: pull ? `PR-${pull.number}` : branch,
    ...(pull ? { CHANGE_ID: String(pull.number), CHANGE_URL: pull.url, CHANGE_TARGET: pull.target } : {}),
  };
  const path = [bin, ...(process.env['PATH'] ?? '').split(delimiter)].join(delimiter);
  return {
    ...{ consent: 'never', groups: ['mlops-approvers'], parameters: {}, ...scenario },
    ...{ jenkinsfile: join(own, 'Jenkinsfile'), folder: join(own, 'agents'), agents: AGENTS },
    ...{ repository, branch, commit: pull ? commits.pull : commits.main, variables },
    credentials: withoutToken ? {} : { 'mlops-github': TOKEN },
    machine: { PATH: path, HOME: own, PLAY: own },
    abortFile: join(own, 'abort'),
    minutesFile: join(own, 'minutes'),
  };
}

function seenBy(own: string) {
  const lines = (name: string): string[] =>
    existsSync(join(own, name)) ? readFileSync(join(own, name), 'utf8').trim().split('\n') : [];
  const agents = join(own, 'agents');
  const left = existsSync(agents)
    ? readdirSync(agents).filter((each) => existsSync(join(agents, each, 'workspace')))
    : [];
  return {
    calls: lines('calls'),
    withToken: lines('with-token'),
    withoutSettings: lines('without-settings'),
    onPull: lines('on-pull'),
    left,
  };
}

function jars(): string[] {
  const folder = join(toolsFolder(), 'jenkinsfile');
  const found = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jar')) : [];
  if (found.length === 0)
    throw new Error('JenkinsPipelineUnit is not on this machine: `npm run servers:install` installs it.');
  return found.map((name) => join(folder, name));
}
