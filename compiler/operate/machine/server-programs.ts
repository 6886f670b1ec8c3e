/** The servers' programs on this machine: where they are, and what to install where they are not. */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { OperationError } from '../../diagnostics/operation-error.ts';

interface Program {
  /** In words, for who has to install it. */
  title: string;
  /** Debian's package, or how else to get it. */
  from: string;
  find(): string | null;
}

/** What no Debian package has is put here, once a machine: the jars of Kafka and OpenSearch. */
const toolsFolder = (): string => process.env['MLOPS_TOOLS'] ?? join(homedir(), '.cache', 'mlops', 'tools');

const programs: Record<string, Program> = {
  postgres: { title: 'PostgreSQL', from: "Debian's postgresql", find: () => inPostgres('postgres') },
  initdb: { title: "PostgreSQL's initdb", from: "Debian's postgresql", find: () => inPostgres('initdb') },
  'redis-server': { title: 'Redis', from: "Debian's redis-server", find: () => onPath('redis-server') },
  java: { title: 'Java 17', from: "Debian's openjdk-17-jdk-headless", find: () => onPath('java') },
  kafka: { title: 'Kafka', from: 'Maven', find: () => jars('kafka') },
  opensearch: { title: 'OpenSearch', from: 'Maven', find: () => jars('opensearch') },
  rsyslogd: { title: 'rsyslog', from: "Debian's rsyslog and rsyslog-elasticsearch", find: () => onPath('rsyslogd') },
  prometheus: { title: 'Prometheus', from: "Debian's prometheus", find: () => onPath('prometheus') },
  alertmanager: {
    title: 'Alertmanager',
    from: "Debian's prometheus-alertmanager",
    find: () => onPath('prometheus-alertmanager', 'alertmanager'),
  },
  'node-exporter': {
    title: 'the node exporter',
    from: "Debian's prometheus-node-exporter",
    find: () => onPath('prometheus-node-exporter', 'node_exporter'),
  },
};

/** What `${tool:NAME}` stands for: a program, or a folder of jars. */
export function toolPath(name: string): string {
  const found = programs[name]?.find();
  if (!found) throw new OperationError(missing([name]));
  return found;
}

/** Names everything that these commands need and this machine lacks, at once. */
export function requirePrograms(commands: readonly { command: string[]; env: Record<string, string> }[]): void {
  const texts = commands.flatMap(({ command, env }) => [...command, ...Object.values(env)]);
  const names = new Set(
    texts.flatMap((text) => [...text.matchAll(/\$\{tool:([a-z-]+)\}/g)].map((match) => match[1] ?? '')),
  );
  const absent = [...names].filter((name) => !programs[name]?.find());
  if (absent.length > 0) throw new OperationError(missing(absent));
}

function missing(names: string[]): string {
  const lines = names.map(
    (name) => `  ${programs[name]?.title ?? name}, from ${programs[name]?.from ?? 'nowhere that is known'}`,
  );
  return [
    'These servers are not installed on this machine:',
    ...lines,
    'On Debian `npm run servers:install` installs them all; `--env local` needs none of them.',
  ].join('\n');
}

function onPath(...names: string[]): string | null {
  // A user's PATH often lacks the administrators' folders.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  for (const name of names)
    for (const folder of folders) if (folder && executable(join(folder, name))) return join(folder, name);
  return null;
}

/** Debian keeps each major version in a folder of its own; the newest counts. */
function inPostgres(name: string): string | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => executable(join(root, version, 'bin', name))).find(Boolean);
  return found ?? onPath(name);
}

function jars(name: string): string | null {
  const folder = join(toolsFolder(), name);
  return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.jar')) ? folder : null;
}

function executable(path: string): string | null {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return null;
  }
}
