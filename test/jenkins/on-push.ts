/** What a hook calls after a push, with its settings: the Jenkinsfile of that commit is played, as Jenkins would. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AGENTS, build } from './play.ts';

interface Settings {
  /** The bare repository. */
  repository: string;
  /** Of the builds, and of their agents, which are new for each. */
  folder: string;
  /** Variables of the agents. */
  machine: Record<string, string>;
}

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Settings;
for (const line of (await text(process.stdin)).trim().split('\n')) {
  const [, commit = '', ref = ''] = line.split(' ');
  const branch = ref.replace('refs/heads/', '');
  const folder = mkdtempSync(join(settings.folder, 'build-'));
  const jenkinsfile = join(folder, 'Jenkinsfile');
  writeFileSync(jenkinsfile, execFileSync('git', ['-C', settings.repository, 'show', `${commit}:Jenkinsfile`]));
  const { result, problem, log } = build(folder, {
    name: branch,
    jenkinsfile,
    folder: join(folder, 'agents'),
    agents: AGENTS,
    repository: settings.repository,
    commit,
    branch,
    parameters: {},
    consent: 'never',
    groups: [],
    credentials: {},
    machine: settings.machine,
    abortFile: join(folder, 'abort'),
    minutesFile: join(folder, 'minutes'),
    variables: { BRANCH_NAME: branch, BUILD_NUMBER: '1', BUILD_URL: 'https://jenkins.example.com/1/' },
  });
  console.log(log);
  console.log(`Build of ${commit.slice(0, 12)}: ${result}${problem === null ? '' : ` (${problem})`}`);
}
