/**
 * `npm run servers:install`: what `mlops servers install` installs, and what the tests ask beside it: a proxy,
 * containers, the linters of workflows, and what plays a Jenkinsfile.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { $, chalk } from 'zx';
import { type Installation, serverInstallations, toolsFolder } from '../compiler/release/install-servers.ts';
import type { DebianPackage } from '../compiler/tools/program.ts';

const TIMEOUT = '900s';
const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';
const ZIZMOR = 'zizmor==1.32.0';

/** What tests ask, beside what runs: a proxy without a container, and containers without Docker. */
const forTests: DebianPackage[] = [
  { name: 'nginx', evidence: 'nginx' },
  // crun, podman's default, needs more rights than a sandbox has.
  { name: 'podman', evidence: 'podman' },
  { name: 'runc', evidence: 'runc' },
  { name: 'catatonit', evidence: 'catatonit' },
  // Its command line alone is used, with Compose of requirements-dev.lock for its plugin.
  { name: 'docker.io', evidence: 'docker' },
  { name: 'busybox-static', evidence: 'busybox' },
  { name: 'debootstrap', evidence: 'debootstrap' },
];

/** What plays a Jenkinsfile, and what judges schemas of events. */
const jarsForTests = [
  {
    folder: 'jenkinsfile',
    title: 'JenkinsPipelineUnit',
    pom: new URL('../test/jenkins/pom.xml', import.meta.url),
  },
  {
    folder: 'apicurio',
    title: "Apicurio's schema rules",
    pom: new URL('../test/schemas/pom.xml', import.meta.url),
  },
];

$.verbose = false;
$.quiet = true;
$.timeout = TIMEOUT;

/** What judges our workflows. */
async function installActionlint(): Promise<string> {
  const target = join(toolsFolder(), 'actionlint', 'actionlint');
  if (existsSync(target)) return 'there already';
  await $({ env: { ...process.env, GOBIN: dirname(target) } })`go install ${ACTIONLINT}`;
  return 'built';
}

async function installZizmor(): Promise<string> {
  const folder = join(toolsFolder(), 'zizmor');
  if (existsSync(join(folder, 'bin', 'zizmor'))) return 'there already';
  await $`python3 -m venv ${folder}`;
  await $`${join(folder, 'bin', 'python')} -m pip install --quiet --disable-pip-version-check ${ZIZMOR}`;
  return 'installed';
}

const steps: Installation[] = [
  ...serverInstallations(forTests, jarsForTests),
  { title: 'actionlint', work: installActionlint },
  { title: 'zizmor', work: installZizmor },
];

for (const { title, work } of steps) {
  try {
    console.log(`${chalk.green('✓')} ${title}: ${await work()}`);
  } catch (error) {
    console.log(`${chalk.red('✗')} ${title}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
