/**
 * `npm run servers:install`: the real servers that an environment with `stores: servers` runs as processes, on Debian.
 * What is there already is left alone. Packages need root; the jars of Kafka and OpenSearch go into
 * ~/.cache/mlops/tools (or $MLOPS_TOOLS).
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { $, chalk, which } from 'zx';

const TIMEOUT = '900s';
const tools = process.env['MLOPS_TOOLS'] ?? join(homedir(), '.cache', 'mlops', 'tools');
const poms = join(import.meta.dirname, 'servers');

/** Debian's package, and a file or program that shows that it is installed. */
const packages: [name: string, evidence: string][] = [
  ['postgresql', '/usr/lib/postgresql'],
  ['redis-server', 'redis-server'],
  ['prometheus', 'promtool'],
  // Alertmanager does not start without a template file that only its package has.
  ['prometheus-alertmanager', 'prometheus-alertmanager'],
  ['prometheus-node-exporter', 'prometheus-node-exporter'],
  ['rsyslog', 'rsyslogd'],
  ['rsyslog-elasticsearch', '/usr/lib/x86_64-linux-gnu/rsyslog/omelasticsearch.so'],
  // The compiler too: OpenSearch's driver is a source file.
  ['default-jdk-headless', 'javac'],
  ['maven', 'mvn'],
  ['nginx', 'nginx'],
  // Containers without Docker: crun, podman's default, needs more rights than a sandbox has.
  ['podman', 'podman'],
  ['runc', 'runc'],
  ['catatonit', 'catatonit'],
  ['debootstrap', 'debootstrap'],
];

$.verbose = false;
$.quiet = true;
$.timeout = TIMEOUT;

const has = async (evidence: string): Promise<boolean> =>
  evidence.startsWith('/')
    ? existsSync(evidence)
    : (await which(evidence, { nothrow: true })) !== null || existsSync(join('/usr/sbin', evidence));

async function installPackages(): Promise<string> {
  const missing: string[] = [];
  for (const [name, evidence] of packages) if (!(await has(evidence))) missing.push(name);
  if (missing.length === 0) return 'there already';
  if (process.getuid?.() !== 0)
    throw new Error(`run as root: apt-get install --no-install-recommends ${missing.join(' ')}`);
  // A package's own server, on its own port, is none of ours: without a runlevel nothing is started.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await $({ env })`apt-get update -qq`;
  await $({ env })`apt-get install -qq -y --no-install-recommends ${missing}`;
  return `installed ${missing.join(', ')}`;
}

async function installJars(name: string): Promise<string> {
  const target = join(tools, name);
  if (existsSync(target) && readdirSync(target).length > 0) return 'there already';
  const draft = `${target}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const pom = join(poms, `${name}-pom.xml`);
  await $`mvn -q -B -f ${pom} dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=${draft}`;
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
  return `${readdirSync(target).length} jars`;
}

const steps: [title: string, work: () => Promise<string>][] = [
  ["Debian's packages", installPackages],
  ['Kafka', () => installJars('kafka')],
  ['OpenSearch', () => installJars('opensearch')],
];

for (const [title, work] of steps) {
  try {
    console.log(`${chalk.green('✓')} ${title}: ${await work()}`);
  } catch (error) {
    console.log(`${chalk.red('✗')} ${title}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
