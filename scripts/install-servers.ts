/**
 * `npm run servers:install`: the real servers that an environment with `stores: servers` runs as processes, on Debian.
 * What is there already is left alone. Packages need root; the jars of Kafka and OpenSearch, and the linters of
 * workflows, go into ~/.cache/mlops/tools (or $MLOPS_TOOLS).
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $, chalk, which } from 'zx';
import type { DebianPackage } from '../compiler/tools/program.ts';
import { tools } from '../compiler/tools/registry.ts';

const TIMEOUT = '900s';
const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';
const ZIZMOR = 'zizmor==1.32.0';
const toolsFolder = process.env['MLOPS_TOOLS'] ?? join(homedir(), '.cache', 'mlops', 'tools');

/** What tests ask, beside what runs: a proxy without a container, and containers without Docker. */
const forTests: DebianPackage[] = [
  { name: 'nginx', evidence: 'nginx' },
  // crun, podman's default, needs more rights than a sandbox has.
  { name: 'podman', evidence: 'podman' },
  { name: 'runc', evidence: 'runc' },
  { name: 'catatonit', evidence: 'catatonit' },
  { name: 'debootstrap', evidence: 'debootstrap' },
];
const packages = [...tools.flatMap(({ install }) => install?.packages ?? []), ...forTests];
const jars = tools.flatMap(({ install }) => install?.jars ?? []);

$.verbose = false;
$.quiet = true;
$.timeout = TIMEOUT;

const has = async (evidence: string): Promise<boolean> =>
  evidence.startsWith('/')
    ? existsSync(evidence)
    : (await which(evidence, { nothrow: true })) !== null || existsSync(join('/usr/sbin', evidence));

async function installPackages(): Promise<string> {
  const absent = new Set<string>();
  for (const { name, evidence } of packages) if (!(await has(evidence))) absent.add(name);
  const missing = [...absent];
  if (missing.length === 0) return 'there already';
  if (process.getuid?.() !== 0)
    throw new Error(`run as root: apt-get install --no-install-recommends ${missing.join(' ')}`);
  // A package's own server, on its own port, is none of ours: without a runlevel nothing is started.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await $({ env })`apt-get update -qq`;
  await $({ env })`apt-get install -qq -y --no-install-recommends ${missing}`;
  return `installed ${missing.join(', ')}`;
}

async function installJars(folder: string, pom: URL): Promise<string> {
  const target = join(toolsFolder, folder);
  if (existsSync(target) && readdirSync(target).length > 0) return 'there already';
  const draft = `${target}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const options = ['-q', '-B', '-DincludeScope=runtime', `-DoutputDirectory=${draft}`];
  await $`mvn ${options} -f ${fileURLToPath(pom)} dependency:copy-dependencies`;
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
  return `${readdirSync(target).length} jars`;
}

/** What judges our workflows. */
async function installActionlint(): Promise<string> {
  const target = join(toolsFolder, 'actionlint', 'actionlint');
  if (existsSync(target)) return 'there already';
  await $({ env: { ...process.env, GOBIN: dirname(target) } })`go install ${ACTIONLINT}`;
  return 'built';
}

async function installZizmor(): Promise<string> {
  const folder = join(toolsFolder, 'zizmor');
  if (existsSync(join(folder, 'bin', 'zizmor'))) return 'there already';
  await $`python3 -m venv ${folder}`;
  await $`${join(folder, 'bin', 'python')} -m pip install --quiet --disable-pip-version-check ${ZIZMOR}`;
  return 'installed';
}

const steps: [title: string, work: () => Promise<string>][] = [
  ["Debian's packages", installPackages],
  ...jars.map(({ folder, title, pom }): [string, () => Promise<string>] => [title, () => installJars(folder, pom)]),
  ['actionlint', installActionlint],
  ['zizmor', installZizmor],
];

for (const [title, work] of steps) {
  try {
    console.log(`${chalk.green('✓')} ${title}: ${await work()}`);
  } catch (error) {
    console.log(`${chalk.red('✗')} ${title}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
